// REALM pre-training (paper section 3.4; REALM_SPEC 5): salient spans of X masked, top k passages
// and the null document, retriever and reader trained together through the marginal likelihood, the
// index refreshed while training goes on.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/model/model_io.h"
#include "engine/objective/marginal_loss.h"
#include "trainer/tasks/index_refresher.h"
#include "trainer/tasks/reading_loss.h"
#include "trainer/tasks/retrieval_probe.h"
#include "trainer/tasks/task_inputs.h"

namespace realm {
namespace {

struct Candidates {
  std::vector<std::vector<int64_t>> rows;  // [B][k-1] passage rows; -1: the index held fewer
  int64_t dropped_trivial = 0;
};

// One batch after the forward pass.
struct Forward {
  torch::Tensor scores;      // [B, K] f(x,z); the null document last
  torch::Tensor log_p_y;     // [B, K, M]
  torch::Tensor piece_mask;  // [B, M]
  torch::Tensor is_top;      // [B, K, M] whether the piece is the top one under z alone
  Candidates candidates;
  int64_t tokens = 0;
};

class PretrainTask final : public TrainingTask {
 public:
  explicit PretrainTask(std::shared_ptr<const TaskInputs> inputs)
      : inputs_(std::move(inputs)),
        o_(inputs_->options),
        embedder_(load_or_make_embedder(*inputs_)),
        encoder_(load_or_make_encoder(*inputs_)),
        lengths_{o_.query_length, o_.document_length, o_.positions},
        refresher_(*inputs_),
        rng_(static_cast<uint64_t>(o_.seed)),
        warm_(o_, inputs_->vocabulary(), inputs_->passages, *inputs_->text),
        masker_(make_sentence_masker(o_.masking, inputs_->vocabulary())) {
    if (o_.candidates - 1 > inputs_->passages.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("Training asks for {} candidates beside the null document, but the "
                              "corpus has {} documents.",
                              o_.candidates - 1, inputs_->passages.size()));
    }
    refresher_.build_now(embedder_, 0, 0);
  }

  std::vector<AdamWeightDecay::Group> parameter_groups() override {
    const double ratio =
        o_.encoder_learning_rate > 0 ? o_.encoder_learning_rate / o_.learning_rate : 1.0;
    NamedParameters embedder = embedder_->named();
    for (NamedParameter& named : embedder) named.name = "embedder." + named.name;
    NamedParameters encoder = encoder_->named();
    for (NamedParameter& named : encoder) named.name = "encoder." + named.name;
    return {{std::move(embedder), 1.0}, {std::move(encoder), ratio}};
  }

  Metrics step(int64_t step, RunWriter& run) override {
    refresh(step, run);
    embedder_->train();
    encoder_->train();
    std::vector<const TrainingSentence*> sentences;
    for (int i = 0; i < o_.batch_size; ++i) {
      sentences.push_back(&inputs_->text->sentences[rng_.below(inputs_->text->sentences.size())]);
    }
    const Forward forward = run_batch(sentences, *masker_, rng_);
    torch::Tensor loss =
        o_.marginal == MarginalForm::kPaper
            ? paper_marginal_loss(forward.scores, forward.log_p_y, forward.piece_mask)
            : per_piece_marginal_loss(forward.scores, forward.log_p_y, forward.piece_mask);
    Metrics metrics = describe(forward, sentences, "");
    metrics.insert(metrics.begin(), {"loss", loss.item<double>()});
    metrics.emplace_back("index_age_steps", static_cast<double>(step - refresher_.made_at_step()));
    metrics.emplace_back("dropped_trivial",
                         static_cast<double>(forward.candidates.dropped_trivial));
    metrics.emplace_back("tokens", static_cast<double>(forward.tokens));
    metrics.emplace_back("examples", static_cast<double>(sentences.size()));
    if (o_.warm_pair_fraction > 0) {
      std::vector<ReadingExample> warm = warm_.batch(step);
      warm.resize(std::min(
          warm.size(), static_cast<size_t>(std::lround(o_.warm_pair_fraction * o_.batch_size))));
      if (!warm.empty()) {
        const torch::Tensor warm_loss =
            -score_targets(encoder_, warm, inputs_->vocabulary().special(), inputs_->device)
                 .log_p.mean();
        loss = loss + o_.warm_pair_fraction * warm_loss;
        metrics.emplace_back("warm_loss", warm_loss.item<double>());
      }
    }
    loss.backward();
    return metrics;
  }

  Metrics evaluate() override {
    if (!inputs_->held_out) return {};
    const torch::NoGradGuard no_grad;
    embedder_->eval();
    encoder_->eval();
    Rng rng(0x5eed);
    const auto& all = inputs_->held_out->sentences;
    const auto count = std::min(all.size(), static_cast<size_t>(o_.evaluate_examples));
    Metrics sums;
    double batches = 0;
    for (size_t begin = 0; begin < count; begin += 16) {
      std::vector<const TrainingSentence*> sentences;
      for (size_t i = begin; i < std::min(count, begin + 16); ++i) sentences.push_back(&all[i]);
      const Metrics metrics =
          describe(run_batch(sentences, *salient_, rng), sentences, "held_out/");
      const auto weight = static_cast<double>(sentences.size());
      if (sums.empty()) {
        for (const auto& [name, value] : metrics) sums.emplace_back(name, 0.0);
      }
      for (size_t i = 0; i < metrics.size(); ++i) sums[i].second += metrics[i].second * weight;
      batches += weight;
    }
    for (auto& [name, value] : sums) value /= batches;
    return sums;
  }

  void save_models(const std::filesystem::path& folder) const override {
    save_embedder(folder / "embedder", embedder_, *inputs_->tokenizer);
    save_encoder(folder / "encoder", encoder_, *inputs_->tokenizer);
  }

  TaskState state() const override {
    const ReadingSampler::State warm = warm_.state();
    nlohmann::json json = {{"rng", rng_.state()},
                           {"generation", refresher_.index().generation()},
                           {"made_at_step", refresher_.made_at_step()},
                           {"warm_rng", warm.rng},
                           {"warm_group_step", warm.group_step},
                           {"warm_served", warm.served}};
    if (refresher_.is_refreshing()) json["pending_step"] = refresher_.pending_step();
    return {refresher_.weights(), json.dump()};
  }

  void restore(const std::string& json,
               const std::vector<std::pair<std::string, torch::Tensor>>& tensors) override {
    const auto saved = nlohmann::json::parse(json);
    rng_ = Rng::from_state(saved.at("rng").get<Rng::State>());
    warm_.restore({saved.at("warm_rng").get<Rng::State>(),
                   saved.at("warm_group_step").get<int64_t>(),
                   saved.at("warm_served").get<int64_t>()});
    IndexRefresher::Restored index{
        saved.at("generation").get<int64_t>(), saved.at("made_at_step").get<int64_t>(), {}};
    if (saved.contains("pending_step"))
      index.pending_step = saved.at("pending_step").get<int64_t>();
    refresher_.restore(index, tensors);
  }

 private:
  void refresh(int64_t step, RunWriter& run) {
    if (refresher_.is_refreshing() && step == refresher_.pending_step() + o_.refresh_lag_steps) {
      run.heartbeat(step, "refresh index");
      const IndexRefresher::Adopted adopted = refresher_.adopt();
      const nlohmann::json data = {{"generation", refresher_.index().generation()},
                                   {"made_at_step", refresher_.made_at_step()},
                                   {"waited_seconds", adopted.waited_seconds},
                                   {"spent_seconds", adopted.spent_seconds}};
      run.append_event({"refresh", step,
                        fmt::format("Index generation {} of step {} adopted.",
                                    refresher_.index().generation(), refresher_.made_at_step()),
                        data.dump(), 0});
    }
    if (step > 0 && step % o_.refresh_every_steps == 0 && !refresher_.is_refreshing())
      refresher_.begin(embedder_, step);
  }

  Candidates choose(const torch::Tensor& queries,
                    const std::vector<const TrainingSentence*>& sentences, int k) const {
    const auto wanted = static_cast<size_t>(k - 1);
    Candidates out;
    if (wanted == 0) {
      out.rows.resize(sentences.size());
      return out;
    }
    const torch::Tensor flat = queries.detach().to(torch::kCPU, torch::kFloat32).contiguous();
    // One more than wanted, to replace a trivial candidate.
    const auto hits = refresher_.index().search(
        {flat.data_ptr<float>(), static_cast<size_t>(flat.numel())}, static_cast<int>(wanted) + 1);
    for (size_t b = 0; b < sentences.size(); ++b) {
      std::vector<int64_t> rows;
      for (const Hit& hit : hits[b]) {
        const int64_t row = inputs_->passages.row_of(hit.id);
        const bool trivial =
            o_.drop_trivial_candidate &&
            inputs_->passages.at(row).plain_text.find(sentences[b]->text) != std::string::npos;
        if (trivial) {
          ++out.dropped_trivial;
        } else if (rows.size() < wanted) {
          rows.push_back(row);
        }
      }
      rows.resize(wanted, -1);
      out.rows.push_back(std::move(rows));
    }
    return out;
  }

  Forward run_batch(const std::vector<const TrainingSentence*>& sentences,
                    const SentenceMasker& masker, Rng& rng) {
    const int k = o_.candidates;
    const SpecialIds& special = inputs_->vocabulary().special();
    std::vector<MaskedSentence> masked;
    std::vector<BertInput> queries;
    size_t longest = 0;
    for (const TrainingSentence* sentence : sentences) {
      masked.push_back(masker.mask(*sentence, rng));
      queries.push_back(pack_query(masked.back().pieces, lengths_, special));
      longest = std::max(longest, masked.back().targets.size());
    }
    Forward out;
    const torch::Tensor query = embedder_(make_batch(queries, special, inputs_->device));  // [B, P]
    out.candidates = choose(query, sentences, k);

    // Each passage is embedded once, however many queries of the batch retrieved it; the null
    // document comes first.
    std::vector<BertInput> documents = {pack_document({}, {}, lengths_, special)};
    std::unordered_map<int64_t, int64_t> column_of;  // passage row -> row in `documents`
    std::vector<int64_t> columns;                    // [B*K]
    std::vector<float> absent;             // [B*K] -infinity where there is no such candidate
    std::vector<ReadingExample> readings;  // [B*K]
    for (size_t b = 0; b < sentences.size(); ++b) {
      std::vector<int64_t> rows = out.candidates.rows[b];
      rows.push_back(-2);  // the null document
      for (const int64_t row : rows) {
        Pieces body;
        if (row >= 0) {
          const auto [found, added] =
              column_of.emplace(row, static_cast<int64_t>(documents.size()));
          body = inputs_->passages.at(row).body();
          if (added)
            documents.push_back(
                pack_document(inputs_->passages.at(row).title, body, lengths_, special));
          columns.push_back(found->second);
        } else {
          columns.push_back(0);
        }
        absent.push_back(row == -1 ? -std::numeric_limits<float>::infinity() : 0.0F);
        ReadingExample reading{
            pack_joint(masked[b].pieces, body, lengths_, special), {}, masked[b].targets, {}};
        for (const int position : masked[b].positions) reading.positions.push_back(position + 1);
        out.tokens += static_cast<int64_t>(reading.input.ids.size());
        readings.push_back(std::move(reading));
      }
    }
    const auto batch = static_cast<int64_t>(sentences.size());
    const auto width = static_cast<int64_t>(k);
    const torch::Tensor embedded = embed_in_groups(documents);  // [U, P]
    for (const BertInput& input : documents) out.tokens += static_cast<int64_t>(input.ids.size());
    const torch::Tensor chosen =
        embedded.index_select(0, torch::tensor(columns, torch::kInt64).to(inputs_->device))
            .view({batch, width, -1});
    out.scores = torch::matmul(chosen, query.unsqueeze(-1)).squeeze(-1) +  // [B, K]
                 torch::tensor(absent).view({batch, width}).to(inputs_->device);

    const TargetScores targets = score_targets(encoder_, readings, special, inputs_->device);
    // Scatter the flat targets into [B, K, M].
    std::vector<int64_t> places;
    const auto pieces = static_cast<int64_t>(longest);
    torch::Tensor mask = torch::zeros({batch, pieces});
    for (int64_t b = 0; b < batch; ++b) {
      const auto count = static_cast<int64_t>(masked[static_cast<size_t>(b)].targets.size());
      mask.index({b, torch::indexing::Slice(0, count)}) = 1.0;
      for (int64_t z = 0; z < width; ++z) {
        for (int64_t m = 0; m < count; ++m) places.push_back((b * width + z) * pieces + m);
      }
    }
    const torch::Tensor where = torch::tensor(places, torch::kInt64).to(inputs_->device);
    out.log_p_y = torch::zeros({batch * width * pieces}, targets.log_p.options())
                      .index_copy(0, where, targets.log_p)
                      .view({batch, width, pieces});
    out.is_top = torch::ones({batch * width * pieces}, targets.log_p.options())
                     .index_copy(0, where, targets.is_top.to(torch::kFloat32))
                     .view({batch, width, pieces});
    out.piece_mask = mask.to(inputs_->device);
    return out;
  }

  // In groups of like length, so that one long passage does not pad them all.
  torch::Tensor embed_in_groups(const std::vector<BertInput>& inputs) {
    constexpr size_t kGroup = 32;
    std::vector<int64_t> order(inputs.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
    std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
      return inputs[static_cast<size_t>(a)].ids.size() < inputs[static_cast<size_t>(b)].ids.size();
    });
    std::vector<torch::Tensor> parts;
    for (size_t begin = 0; begin < order.size(); begin += kGroup) {
      std::vector<BertInput> group;
      for (size_t i = begin; i < std::min(order.size(), begin + kGroup); ++i) {
        group.push_back(inputs[static_cast<size_t>(order[i])]);
      }
      parts.push_back(
          embedder_(make_batch(group, inputs_->vocabulary().special(), inputs_->device)));
    }
    std::vector<int64_t> inverse(order.size());
    for (size_t i = 0; i < order.size(); ++i)
      inverse[static_cast<size_t>(order[i])] = static_cast<int64_t>(i);
    return torch::cat(parts).index_select(
        0, torch::tensor(inverse, torch::kInt64).to(inputs_->device));
  }

  // What a batch shows of retrieval and reading (REALM_SPEC 5.4).
  Metrics describe(const Forward& f, const std::vector<const TrainingSentence*>& sentences,
                   const std::string& prefix) const {
    const torch::NoGradGuard no_grad;
    const torch::Tensor log_p_word = (f.log_p_y * f.piece_mask.unsqueeze(1)).sum(-1);  // [B, K]
    const torch::Tensor log_p_z = torch::log_softmax(f.scores, -1);                    // [B, K]
    const torch::Tensor log_p = log_marginal(f.scores, f.log_p_y, f.piece_mask);       // [B]
    const torch::Tensor log_p_null = log_p_word.select(1, -1);                         // [B]
    const torch::Tensor utility = (log_p - log_p_null) / f.piece_mask.sum(-1);  // [B] nats a piece
    // Right where the most probable document alone reads the whole answer: a cheap stand-in for the
    // marginal's top word.
    const torch::Tensor best = f.scores.argmax(1, true);  // [B, 1]
    const torch::Tensor right = std::get<0>(f.is_top.min(-1)).gather(1, best);
    Metrics metrics = {{prefix + "log_p_y", log_p.mean().item<double>()},
                       {prefix + "p_y", log_p.exp().mean().item<double>()},
                       {prefix + "retrieval_utility", utility.mean().item<double>()},
                       {prefix + "null_share", log_p_z.select(1, -1).exp().mean().item<double>()},
                       {prefix + "top_document_right", right.mean().item<double>()}};
    double named = 0;
    double found = 0;
    for (size_t b = 0; b < sentences.size(); ++b) {
      if (sentences[b]->passage < 0) continue;
      ++named;
      const auto& rows = f.candidates.rows[b];
      if (std::find(rows.begin(), rows.end(), sentences[b]->passage) != rows.end()) ++found;
    }
    metrics.emplace_back(prefix + "recall_at_k", named > 0 ? found / named : 0.0);
    return metrics;
  }

  std::shared_ptr<const TaskInputs> inputs_;
  const TrainOptions& o_;
  Embedder embedder_;
  KnowledgeAugmentedEncoder encoder_;
  SequenceLengths lengths_;
  IndexRefresher refresher_;
  Rng rng_;
  ReadingSampler warm_;
  std::unique_ptr<const SentenceMasker> masker_;
  // Measurements always hide salient spans, so that maskings can be compared.
  std::unique_ptr<const SentenceMasker> salient_ =
      make_sentence_masker(Masking::kSalient, inputs_->vocabulary());
};

}  // namespace

std::unique_ptr<TrainingTask> make_pretrain_task(std::shared_ptr<const TaskInputs> inputs) {
  return std::make_unique<PretrainTask>(std::move(inputs));
}

}  // namespace realm
