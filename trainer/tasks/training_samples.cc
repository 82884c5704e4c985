#include "trainer/tasks/training_samples.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/prediction/marginal.h"

namespace realm {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

std::vector<double> row_of(const torch::Tensor& table, size_t row) {
  const torch::Tensor values =
      table[static_cast<int64_t>(row)].to(torch::kCPU, torch::kFloat64).contiguous();
  const double* const data = values.data_ptr<double>();
  return {data, data + values.numel()};
}

// One example's candidates: `scores` and `log_p_y` have one value each, the null document last.
Json sample_of(const TaskInputs& inputs, const std::vector<int64_t>& rows,
               const std::vector<double>& scores, const std::vector<double>& log_p_y) {
  // Where the index held fewer passages there is no candidate.
  std::vector<size_t> there;
  std::vector<double> known_scores, known_log_p;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (i < rows.size() && rows[i] < 0) continue;
    there.push_back(i);
    known_scores.push_back(scores[i]);
    known_log_p.push_back(log_p_y[i]);
  }
  const std::vector<double> log_p_z = log_softmax(known_scores);
  const auto null_place = static_cast<int>(there.size()) - 1;
  const MarginalTerms terms = marginal_terms(log_p_z, known_log_p, null_place);
  std::vector<size_t> order(there.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return log_p_z[a] > log_p_z[b]; });
  Json documents = Json::array();
  for (const size_t i : order) {
    const bool is_null = i == static_cast<size_t>(null_place);
    const Passage* const passage = is_null ? nullptr : &inputs.passages.at(rows[there[i]]);
    documents.push_back({{"id", is_null ? kNullDocumentId : passage->id},
                         {"title", is_null ? std::string() : passage->plain_title},
                         {"is_null", is_null},
                         {"p_z_given_x", number(std::exp(log_p_z[i]))},
                         {"p_y_given_zx", number(std::exp(known_log_p[i]))},
                         {"retrieval_utility", number(terms.retrieval_utility[i])},
                         {"posterior", number(terms.posterior[i])},
                         {"credit", number(terms.credit[i])}});
  }
  return {{"p_y_given_x", number(std::exp(terms.log_p_y))},
          {"p_y_null", number(std::exp(known_log_p.back()))},
          {"documents", std::move(documents)}};
}

}  // namespace

std::string marked_text(const WordPieceTokenizer& tokenizer, const TrainingSentence& sentence,
                        const MaskedSentence& masked) {
  const std::vector<Token> tokens = tokenizer.tokenize(sentence.text);
  if (tokens.size() != masked.pieces.size()) return sentence.text;  // it was cropped
  std::vector<bool> hidden(tokens.size(), false);
  for (size_t i = 0; i < tokens.size(); ++i) hidden[i] = masked.pieces[i] != sentence.pieces[i];
  for (const int position : masked.positions) hidden[static_cast<size_t>(position)] = true;
  std::string out;
  size_t done = 0;
  for (size_t i = 0; i < tokens.size();) {
    if (!hidden[i]) {
      ++i;
      continue;
    }
    size_t last = i;
    while (last + 1 < tokens.size() && hidden[last + 1]) ++last;
    const size_t begin = std::max(done, tokens[i].begin), end = std::max(begin, tokens[last].end);
    out += sentence.text.substr(done, begin - done);
    out += "[[" + sentence.text.substr(begin, end - begin) + "]]";
    done = end;
    i = last + 1;
  }
  return out + sentence.text.substr(std::min(done, sentence.text.size()));
}

void record_samples(const TaskInputs& inputs, const SentenceBatch& batch,
                    const MarginalForward& forward, int64_t step, RunWriter& run) {
  const torch::NoGradGuard no_grad;
  const size_t count = std::min(kSamplesAStep, batch.sentences.size());
  const auto some = torch::indexing::Slice(0, static_cast<int64_t>(count));
  const torch::Tensor mask = forward.piece_mask.index({some}).unsqueeze(1);      // [n, 1, M]
  const torch::Tensor log_p_y = (forward.log_p_y.index({some}) * mask).sum(-1);  // [n, K]
  for (size_t i = 0; i < count; ++i) {
    const TrainingSentence& sentence = *batch.sentences[i];
    Json sample = sample_of(inputs, forward.candidates.rows[i], row_of(forward.scores, i),
                            row_of(log_p_y, i));
    sample["index"] = {{"generation", forward.candidates.generation}};
    if (sentence.passage >= 0) sample["gold"] = inputs.passages.at(sentence.passage).plain_title;
    run.append_event({"sample", step, marked_text(*inputs.tokenizer, sentence, batch.masked[i]),
                      sample.dump(-1, ' ', false, Json::error_handler_t::replace), 0});
  }
}

}  // namespace realm
