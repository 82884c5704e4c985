#include "trainer/tasks/probe_measurement.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "engine/model/model_setting.h"
#include "engine/prediction/marginal.h"
#include "engine/prediction/passage_reader.h"
#include "engine/prediction/predicted_words.h"
#include "engine/retrieval/knowledge_retriever.h"
#include "trainer/run_stages.h"

namespace realm {
namespace {

using Json = nlohmann::ordered_json;

ModelSetting setting_of(const TaskInputs& inputs) {
  return {inputs.tokenizer, inputs.lengths(), inputs.device, inputs.options.threads};
}

Document document_of(const Passage& passage) {
  Document out;
  out.id = passage.id;
  out.title = passage.plain_title;
  out.text = passage.plain_text;
  return out;
}

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json query_object(const TaskInputs& inputs, const ProbeQuery& probe) {
  return {{"text", probe.text},
          {"pieces", piece_texts(*inputs.tokenizer, probe.x.ids)},
          {"masks", probe.x.masks},
          {"answer", probe.x.answer_text},
          {"answer_is_given", true},
          {"answer_pieces", piece_texts(*inputs.tokenizer, probe.x.answer)},
          {"truncated", probe.x.truncated}};
}

// A probe's candidates, best first, and what retrieval says of them. The null document is empty.
struct Retrieved {
  std::vector<Document> documents;
  std::vector<double> scores, log_p_z;  // empty without retrieval
  size_t null_place = 0;
  std::vector<float> query;  // e(x)

  bool is_ranked() const { return !scores.empty(); }
};

Retrieved retrieve(const TaskInputs& inputs, const ProbedModel& model, const ProbeQuery& probe) {
  KnowledgeRetriever retriever(*model.embedder, setting_of(inputs), 1.0);
  std::vector<float> query = retriever.embed_query(probe.x);
  std::vector<Document> found;
  CandidateOptions options;
  options.count = inputs.options.candidates;
  for (const DocumentId id : choose_candidates(*model.retrieval.index, query, options))
    found.push_back(document_of(inputs.passages.at(inputs.passages.row_of(id))));
  found.emplace_back();  // the null document
  // The index is as old as it is: only it chooses, and the current weights score.
  const std::vector<double> scores =
      inner_products(query, retriever.embed_documents(found, {}, {}));
  std::vector<size_t> order(found.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  Retrieved out;
  for (const size_t i : order) {
    if (i + 1 == found.size()) out.null_place = out.documents.size();
    out.documents.push_back(std::move(found[i]));
    out.scores.push_back(scores[i]);
  }
  out.log_p_z = log_softmax(out.scores);
  out.query = std::move(query);
  return out;
}

// What can be read without a retriever: beside the named passage, and beside none.
Retrieved named_passage(const TaskInputs& inputs, const ProbeQuery& probe) {
  Retrieved out;
  if (probe.gold >= 0) out.documents.push_back(document_of(inputs.passages.at(probe.gold)));
  out.null_place = out.documents.size();
  out.documents.emplace_back();
  return out;
}

// The columns of the candidates; those of the reader only where `log_p_y` is not empty.
Json documents_list(const Retrieved& found, const std::vector<double>& log_p_y,
                    const std::optional<MarginalTerms>& terms) {
  Json list = Json::array();
  for (size_t i = 0; i < found.documents.size(); ++i) {
    Json row = {{"id", found.documents[i].id},
                {"title", found.documents[i].title},
                {"is_null", i == found.null_place}};
    if (found.is_ranked()) {
      row["rank"] = i + 1;
      row["score"] = number(found.scores[i]);
      row["p_z_given_x"] = number(std::exp(found.log_p_z[i]));
    }
    if (!log_p_y.empty()) {
      row["p_y_given_zx"] = number(std::exp(log_p_y[i]));
      row["log_p_y_given_zx"] = number(log_p_y[i]);
      row["retrieval_utility"] = number(log_p_y[i] - log_p_y[found.null_place]);
    }
    if (terms) {
      row["posterior"] = number(terms->posterior[i]);
      row["credit"] = number(terms->credit[i]);
    }
    list.push_back(std::move(row));
  }
  return list;
}

Json top_list(const TaskInputs& inputs, const Reading& reading, const Retrieved& found) {
  constexpr int kWords = 5;
  Json list = Json::array();
  const WordEvidence evidence{*inputs.tokenizer, reading.table(), found.log_p_z,
                              static_cast<int>(found.null_place), std::nullopt};
  for (const PredictedWord& word : predicted_words(evidence, kWords)) {
    list.push_back({{"word", word.word},
                    {"pieces", word.pieces},
                    {"p", number(word.p)},
                    {"log_p", number(word.log_p)}});
  }
  return list;
}

Json gold_object(const TaskInputs& inputs, const ProbedModel& model, const ProbeQuery& probe,
                 const Retrieved& found) {
  if (probe.gold < 0) return nullptr;
  const Passage& gold = inputs.passages.at(probe.gold);
  Json json = {{"id", gold.id}, {"title", gold.plain_title}};
  if (!found.is_ranked()) return json;
  json["rank"] = rank_of(*model.retrieval.vectors, found.query, gold.id);
  const auto place = std::find_if(found.documents.begin(), found.documents.end(),
                                  [&](const Document& document) { return document.id == gold.id; });
  const bool is_candidate = place != found.documents.end();
  json["is_candidate"] = is_candidate;
  json["p_z_given_x"] =
      is_candidate
          ? number(std::exp(found.log_p_z[static_cast<size_t>(place - found.documents.begin())]))
          : Json(nullptr);
  return json;
}

Json baseline_object(double log_p_y) {
  return {{"p_y_given_x", number(std::exp(log_p_y))}, {"log_p_y_given_x", number(log_p_y)}};
}

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

Json probe_object(const TaskInputs& inputs, const ProbedModel& model, const ProbeQuery& probe,
                  int64_t step) {
  const Retrieved found =
      model.embedder != nullptr ? retrieve(inputs, model, probe) : named_passage(inputs, probe);
  Json json = {{"query", query_object(inputs, probe)}};
  if (found.is_ranked()) {
    json["query"]["candidates"] = inputs.options.candidates;
    json["index"] = {{"type", model.retrieval.index->type()},
                     {"generation", model.retrieval.index->generation()},
                     {"made_at_step", model.retrieval.made_at_step},
                     {"age_steps", step - model.retrieval.made_at_step}};
  }
  Reading reading;
  std::vector<double> log_p_y;
  std::optional<MarginalTerms> terms;
  if (model.encoder != nullptr) {
    reading = PassageReader(*model.encoder, setting_of(inputs)).read(probe.x, found.documents, {});
    log_p_y = word_log_p(reading.table(), probe.x.answer);
    if (found.is_ranked())
      terms = marginal_terms(found.log_p_z, log_p_y, static_cast<int>(found.null_place));
  }
  json["documents"] = documents_list(found, log_p_y, terms);
  if (terms) {
    json["p_y_given_x"] = number(std::exp(terms->log_p_y));
    json["log_p_y_given_x"] = number(terms->log_p_y);
    json["top"] = top_list(inputs, reading, found);
  }
  if (!log_p_y.empty()) {
    json["p_y_null"] = number(std::exp(log_p_y[found.null_place]));
    json["log_p_y_null"] = number(log_p_y[found.null_place]);
  }
  json["gold"] = gold_object(inputs, model, probe, found);
  return json;
}

}  // namespace

int64_t rank_of(const VectorTable& vectors, std::span<const float> query, DocumentId id) {
  const int64_t place = vectors.row_of(id);
  REALM_CHECK(place >= 0);
  const double own = inner_products(query, vectors.row(place)).front();
  constexpr int64_t kRows = 4096;
  const auto width = static_cast<int64_t>(query.size());
  int64_t rank = 1;
  for (int64_t begin = 0; begin < vectors.size(); begin += kRows) {
    const int64_t count = std::min(kRows, vectors.size() - begin);
    const std::vector<double> scores =
        inner_products(query, vectors.rows().subspan(static_cast<size_t>(begin * width),
                                                     static_cast<size_t>(count * width)));
    for (int64_t i = 0; i < count; ++i) {
      const double other = scores[static_cast<size_t>(i)];
      if (other > own || (other == own && begin + i < place)) ++rank;
    }
  }
  return rank;
}

std::string measure_probe(const TaskInputs& inputs, const ProbedModel& model,
                          const ProbeQuery& probe, int64_t step) {
  return text_of(probe_object(inputs, model, probe, step));
}

std::string measure_probe_alone(const TaskInputs& inputs, KnowledgeAugmentedEncoder& encoder,
                                const ProbeQuery& probe) {
  const Reading reading = PassageReader(encoder, setting_of(inputs)).read_alone(probe.x);
  const double log_p = word_log_p(reading.table(), probe.x.answer).front();
  return text_of({{"query", query_object(inputs, probe)}, {"baseline", baseline_object(log_p)}});
}

void ProbeRecorder::record(const ProbedModel& model, int64_t step, RunWriter& run) {
  if (inputs_.probes.empty()) return;
  const std::optional<ProbeBaseline> none;
  const std::optional<ProbeBaseline>& plain = model.encoder != nullptr ? baseline(step, run) : none;
  std::vector<RunProbe> measured;
  for (size_t i = 0; i < inputs_.probes.size(); ++i) {
    inputs_.looks.within_part(kEvaluateStage);
    const ProbeQuery& probe = inputs_.probes[i];
    Json json = probe_object(inputs_, model, probe, step);
    if (plain) {
      json["baseline"] = baseline_object(plain->log_p_y[i]);
      json["baseline"]["name"] = plain->name;
    }
    measured.push_back({step, probe.name, text_of(json), 0});
  }
  for (const RunProbe& probe : measured) run.record_probe(probe);
}

void ProbeRecorder::record_alone(KnowledgeAugmentedEncoder& encoder, int64_t step, RunWriter& run) {
  std::vector<RunProbe> measured;
  for (const ProbeQuery& probe : inputs_.probes) {
    inputs_.looks.within_part(kEvaluateStage);
    measured.push_back({step, probe.name, measure_probe_alone(inputs_, encoder, probe), 0});
  }
  for (const RunProbe& probe : measured) run.record_probe(probe);
}

// A baseline that cannot be read is no reason to end a training that does without it.
const std::optional<ProbeBaseline>& ProbeRecorder::baseline(int64_t step, RunWriter& run) {
  if (knows_baseline_) return baseline_;
  try {
    baseline_ = measure_baseline(inputs_);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) throw;
    run.append_event({"warning", step,
                      fmt::format("The probes are not compared with plain BERT: {}", error.what()),
                      "", 0});
  }
  knows_baseline_ = true;
  return baseline_;
}

}  // namespace realm
