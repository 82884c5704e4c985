#include "engine/realm_engine.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "engine/base/free_cores.h"
#include "engine/checkpoint/model_folder.h"
#include "engine/model/embedder.h"
#include "engine/model/knowledge_augmented_encoder.h"
#include "engine/model/model_io.h"
#include "engine/prediction/marginal.h"
#include "engine/prediction/word_ranking.h"
#include "engine/retrieval/candidates.h"
#include "engine/text/masked_text.h"

namespace realm {
namespace {

class Stopwatch {
 public:
  // Milliseconds since construction or the last call.
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double ms = std::chrono::duration<double, std::milli>(now - last_).count();
    last_ = now;
    return ms;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

void check_stop(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "The query was cancelled.");
}

// log p(piece | z_k, x) of several documents, read in groups so that a request to stop is seen in
// time.
struct Reading {
  std::vector<float> log_p;  // [K, M, V]
  int masks = 0, vocabulary = 0;
  PieceTable table() const {
    const auto documents = static_cast<int>(
        log_p.size() / (static_cast<size_t>(masks) * static_cast<size_t>(vocabulary)));
    return {log_p, documents, masks, vocabulary};
  }
};

class Engine final : public RealmEngine {
 public:
  explicit Engine(const EngineOptions& options);

  const ModelCard& card() const override { return card_; }
  const WordPieceTokenizer& tokenizer() const override { return *tokenizer_; }

  std::vector<float> embed_documents(std::span<const Document> documents, std::stop_token stop,
                                     const ProgressCallback& progress) override;
  std::vector<RetrievedDocument> retrieve(const AskQuery& query, const Knowledge& knowledge,
                                          std::stop_token stop) override;
  AskResult ask(const AskQuery& query, const Knowledge& knowledge, std::stop_token stop) override;

 private:
  struct Candidate {
    DocumentId id = kNullDocumentId;
    double score = 0;
  };

  void choose_threads();
  std::vector<float> embed_query(const MaskedText& x);
  // Candidates by falling score, the null document among them.
  std::vector<Candidate> candidates(const AskQuery& query, const Knowledge& knowledge,
                                    std::span<const float> embedding);
  Reading read(const MaskedText& x, const std::vector<Document>& documents,
               const std::stop_token& stop);
  Reading read_alone(const MaskedText& x);
  Reading run(KnowledgeAugmentedEncoder& encoder, const std::vector<BertInput>& inputs,
              const std::vector<int>& masks, const SpecialIds& special);
  void require_own_index(const Knowledge& knowledge) const;
  void fill_words(AskResult& result, const MaskedText& x, const Reading& reading,
                  const std::vector<double>& log_p_z, int null_index,
                  const std::optional<Reading>& baseline) const;
  void fill_exact_sum(AskResult& result, const MaskedText& x, const Knowledge& knowledge,
                      std::span<const float> embedding, std::span<const int32_t> y,
                      const std::stop_token& stop);
  std::string word_of(std::span<const int32_t> pieces) const;
  std::vector<std::string> piece_texts(std::span<const int32_t> pieces) const;

  torch::Device device_;
  int threads_ = 0;  // that were asked for; 0: as many as cores are free
  ModelCard card_;
  std::shared_ptr<const WordPieceTokenizer> tokenizer_;
  Embedder embedder_{nullptr};
  KnowledgeAugmentedEncoder encoder_{nullptr};
  KnowledgeAugmentedEncoder baseline_{nullptr};
  std::vector<float> null_embedding_;  // of the empty document
  double score_scale_ = 1.0;           // f(x,z) is multiplied by it
};

std::string model_name(const ModelFolder& folder) {
  return folder.info().name.value_or(folder.path().filename().string());
}

torch::Device parse_device(const std::string& name) {
  try {
    const torch::Device device(name);
    if (device.is_cuda() && !torch::cuda::is_available()) {
      throw Error(
          ErrorCode::kUnsupported,
          fmt::format("The device {} was asked for, but this LibTorch has no CUDA device.", name));
    }
    return device;
  } catch (const c10::Error&) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("\"{}\" is not a device; there are cpu, cuda and cuda:N.", name));
  }
}

Engine::Engine(const EngineOptions& options)
    : device_(parse_device(options.device)), threads_(options.threads) {
  choose_threads();
  const ModelFolder folder = ModelFolder::open(options.model);
  tokenizer_ = load_tokenizer(folder);
  embedder_ = load_embedder(folder, device_);
  encoder_ = load_encoder(folder, device_);
  embedder_->eval();
  encoder_->eval();
  if (options.precision == Precision::kBf16) {
    embedder_->to(torch::kBFloat16);
    encoder_->to(torch::kBFloat16);
  }
  score_scale_ = folder.info().score_scale.value_or(1.0);
  card_.name = model_name(folder);
  card_.step = folder.info().step.value_or(0);
  card_.lengths = sequence_lengths(folder);
  const std::string vocabulary = tokenizer_->vocabulary().fingerprint();
  card_.embedder_fingerprint =
      sha256_hex(folder.load(ModelPart::kEmbedder).fingerprint() + vocabulary);
  card_.fingerprint =
      sha256_hex(card_.embedder_fingerprint + folder.load(ModelPart::kEncoder).fingerprint());
  card_.dimension = static_cast<int>(embedder_->config().projection);
  card_.layers = static_cast<int>(encoder_->config().layers);
  card_.hidden = static_cast<int>(encoder_->config().hidden);
  card_.vocabulary = tokenizer_->vocabulary().size();
  for (const auto& parameter : embedder_->parameters()) card_.parameters += parameter.numel();
  for (const auto& parameter : encoder_->parameters()) card_.parameters += parameter.numel();
  card_.device = device_.str();
  if (options.baseline) {
    const ModelFolder baseline = ModelFolder::open(*options.baseline);
    baseline_ = load_encoder(baseline, device_);
    baseline_->eval();
    if (options.precision == Precision::kBf16) baseline_->to(torch::kBFloat16);
    if (load_tokenizer(baseline)->vocabulary().fingerprint() != vocabulary) {
      throw Error(ErrorCode::kMismatch,
                  fmt::format("The baseline {} has another vocabulary than the model {}, so their "
                              "words cannot be compared.",
                              model_name(baseline), card_.name));
    }
    card_.baseline_name = model_name(baseline);
    card_.baseline_fingerprint = baseline.load(ModelPart::kEncoder).fingerprint();
  }
  const Document empty;
  null_embedding_ = embed_documents({&empty, 1}, {}, {});
}

// Before each batch, as other processes come and go in the hours that a window stays open.
void Engine::choose_threads() {
  const int threads = threads_ > 0 ? threads_ : free_cores();
  if (threads != torch::get_num_threads()) torch::set_num_threads(threads);
}

std::vector<float> Engine::embed_documents(std::span<const Document> documents,
                                           std::stop_token stop, const ProgressCallback& progress) {
  const torch::NoGradGuard no_grad;
  const SpecialIds& special = tokenizer_->vocabulary().special();
  const auto width = static_cast<size_t>(card_.dimension);
  std::vector<float> out(documents.size() * width);
  std::vector<BertInput> inputs;
  for (const Document& document : documents) {
    inputs.push_back(pack_document(tokenizer_->token_ids(document.title),
                                   tokenizer_->token_ids(document.text), card_.lengths, special));
  }
  std::vector<size_t> order(inputs.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return inputs[a].ids.size() < inputs[b].ids.size(); });
  // As many at a time as make about 2,000 pieces: a batch stays in the cache, and a stop is seen
  // soon.
  constexpr size_t kPieces = 2048;
  for (size_t begin = 0; begin < order.size();) {
    check_stop(stop);
    std::vector<BertInput> batch;
    size_t end = begin;
    while (end < order.size() &&
           (end == begin || (end - begin + 1) * inputs[order[end]].ids.size() <= kPieces)) {
      batch.push_back(inputs[order[end++]]);
    }
    choose_threads();
    const torch::Tensor embedded = embedder_(make_batch(batch, special, device_))
                                       .to(torch::kCPU, torch::kFloat32)
                                       .contiguous();  // [b, D]
    for (size_t i = begin; i < end; ++i) {
      std::memcpy(out.data() + order[i] * width, embedded.data_ptr<float>() + (i - begin) * width,
                  width * sizeof(float));
    }
    begin = end;
    if (progress)
      progress({static_cast<int64_t>(end), static_cast<int64_t>(order.size()), "embed"});
  }
  return out;
}

std::vector<float> Engine::embed_query(const MaskedText& x) {
  const torch::NoGradGuard no_grad;
  choose_threads();
  const SpecialIds& special = tokenizer_->vocabulary().special();
  const BertInput input = pack_query(x.ids, card_.lengths, special);
  const torch::Tensor embedded = embedder_(make_batch({&input, 1}, special, device_))
                                     .to(torch::kCPU, torch::kFloat32)
                                     .contiguous();
  std::vector<float> out(embedded.data_ptr<float>(), embedded.data_ptr<float>() + embedded.numel());
  for (float& value : out) value *= static_cast<float>(score_scale_);
  return out;
}

void Engine::require_own_index(const Knowledge& knowledge) const {
  if (knowledge.index.dimension() != card_.dimension) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("The index has dimension {}, but the model {} embeds into {}; build "
                            "the index with this model.",
                            knowledge.index.dimension(), card_.name, card_.dimension));
  }
  if (knowledge.index_model_fingerprint != card_.embedder_fingerprint) {
    throw Error(ErrorCode::kMismatch, fmt::format("The index was made by another model (embedder "
                                                  "{:.12}) than {} (embedder {:.12}); build the "
                                                  "index with this model.",
                                                  knowledge.index_model_fingerprint, card_.name,
                                                  card_.embedder_fingerprint));
  }
}

std::vector<Engine::Candidate> Engine::candidates(const AskQuery& query, const Knowledge& knowledge,
                                                  std::span<const float> embedding) {
  const std::vector<DocumentId> ids = choose_candidates(
      knowledge.index, embedding, {query.candidates, query.pinned, query.excluded});
  // The stored vectors are those of the current weights (the fingerprints agree), so the scores are
  // current ones.
  const std::vector<double> scores = inner_products(embedding, knowledge.index.vectors(ids));
  std::vector<Candidate> out = {
      {kNullDocumentId, inner_products(embedding, null_embedding_).front()}};
  for (size_t i = 0; i < ids.size(); ++i) out.push_back({ids[i], scores[i]});
  std::stable_sort(out.begin(), out.end(),
                   [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  return out;
}

std::vector<RetrievedDocument> Engine::retrieve(const AskQuery& query, const Knowledge& knowledge,
                                                std::stop_token stop) {
  require_own_index(knowledge);
  const MaskedText x = parse_masked_text(query.text, query.answer, *tokenizer_, card_.lengths);
  check_stop(stop);
  const std::vector<Candidate> found = candidates(query, knowledge, embed_query(x));
  std::vector<double> scores;
  for (const Candidate& candidate : found) scores.push_back(candidate.score);
  const std::vector<double> log_p = log_softmax(scores);
  std::vector<RetrievedDocument> out;
  for (size_t i = 0; i < found.size(); ++i) {
    out.push_back(
        {found[i].id, found[i].id == kNullDocumentId, found[i].score, std::exp(log_p[i])});
  }
  return out;
}

Reading Engine::run(KnowledgeAugmentedEncoder& encoder, const std::vector<BertInput>& inputs,
                    const std::vector<int>& masks, const SpecialIds& special) {
  const torch::NoGradGuard no_grad;
  choose_threads();
  const BertBatch batch = make_batch(inputs, special, device_);
  const int64_t length = batch.ids.size(1);
  std::vector<int64_t> rows;
  for (size_t k = 0; k < inputs.size(); ++k) {
    for (const int mask : masks)
      rows.push_back(static_cast<int64_t>(k) * length + mask + 1);  // behind [CLS]
  }
  const torch::Tensor logits =
      encoder(batch, torch::tensor(rows, torch::kInt64).to(device_));  // [K*M, V]
  const torch::Tensor log_p =
      torch::log_softmax(logits.to(torch::kFloat32), -1).to(torch::kCPU).contiguous();
  return {{log_p.data_ptr<float>(), log_p.data_ptr<float>() + log_p.numel()},
          static_cast<int>(masks.size()),
          static_cast<int>(log_p.size(1))};
}

Reading Engine::read(const MaskedText& x, const std::vector<Document>& documents,
                     const std::stop_token& stop) {
  constexpr size_t kGroup = 16;
  const SpecialIds& special = tokenizer_->vocabulary().special();
  Reading all;
  for (size_t begin = 0; begin < documents.size(); begin += kGroup) {
    check_stop(stop);
    std::vector<BertInput> inputs;
    for (size_t i = begin; i < std::min(documents.size(), begin + kGroup); ++i) {
      inputs.push_back(
          pack_joint(x.ids, tokenizer_->token_ids(documents[i].text), card_.lengths, special));
    }
    Reading part = run(encoder_, inputs, x.masks, special);
    if (all.log_p.empty()) {
      all = std::move(part);
    } else {
      all.log_p.insert(all.log_p.end(), part.log_p.begin(), part.log_p.end());
    }
  }
  return all;
}

Reading Engine::read_alone(const MaskedText& x) {
  const SpecialIds& special = tokenizer_->vocabulary().special();
  return run(baseline_, {pack_query(x.ids, card_.lengths, special)}, x.masks, special);
}

std::string Engine::word_of(std::span<const int32_t> pieces) const {
  return tokenizer_->decode(pieces, false);
}

std::vector<std::string> Engine::piece_texts(std::span<const int32_t> pieces) const {
  std::vector<std::string> out;
  for (const int32_t id : pieces) out.push_back(tokenizer_->vocabulary().piece(id));
  return out;
}

void Engine::fill_words(AskResult& result, const MaskedText& x, const Reading& reading,
                        const std::vector<double>& log_p_z, int null_index,
                        const std::optional<Reading>& baseline) const {
  const PieceTable table = reading.table();
  const auto shares = [&](const std::vector<double>& log_p_document) {
    std::vector<double> out;
    for (size_t k = 0; k < log_p_z.size(); ++k)
      out.push_back(std::exp(log_p_z[k] + log_p_document[k]));
    return out;
  };
  const auto alone = [&](std::span<const int32_t> pieces) {
    return baseline ? std::exp(word_log_p(baseline->table(), pieces).front()) : 0.0;
  };
  result.top_other = 1.0;
  for (const RankedWord& ranked : top_words(table, log_p_z, result.query.words)) {
    PredictedWord word;
    word.word = word_of(ranked.pieces);
    word.pieces = piece_texts(ranked.pieces);
    word.log_p = ranked.log_p;
    word.p = std::exp(ranked.log_p);
    word.by_document = shares(ranked.log_p_document);
    word.null_p = std::exp(ranked.log_p_document[static_cast<size_t>(null_index)]);
    word.baseline_p = alone(ranked.pieces);
    result.top_other -= word.p;
    result.top.push_back(std::move(word));
  }
  result.top_other = std::max(0.0, result.top_other);
  for (const std::string& watched : result.query.watch) {
    WatchedWord word;
    word.word = watched;
    const std::vector<int32_t> ids = tokenizer_->token_ids(watched);
    word.pieces = piece_texts(ids);
    const bool unknown =
        std::find(ids.begin(), ids.end(), tokenizer_->vocabulary().special().unknown) != ids.end();
    if (ids.empty() || unknown) {
      word.note = "the vocabulary has no pieces for it";
    } else if (ids.size() != x.masks.size()) {
      word.note =
          fmt::format("it has {} piece{}, but {} {} hidden", ids.size(), ids.size() == 1 ? "" : "s",
                      x.masks.size(), x.masks.size() == 1 ? "is" : "are");
    } else {
      const std::vector<double> log_p_document = word_log_p(table, ids);
      std::vector<double> joint(log_p_document);
      for (size_t k = 0; k < joint.size(); ++k) joint[k] += log_p_z[k];
      word.log_p = log_sum_exp(joint);
      word.p = std::exp(word.log_p);
      word.by_document = shares(log_p_document);
      word.null_p = std::exp(log_p_document[static_cast<size_t>(null_index)]);
      word.baseline_p = alone(ids);
      if (ids.size() == 1) word.rank = piece_rank(table, log_p_z, ids.front());
    }
    result.watch.push_back(std::move(word));
  }
}

void Engine::fill_exact_sum(AskResult& result, const MaskedText& x, const Knowledge& knowledge,
                            std::span<const float> embedding, std::span<const int32_t> y,
                            const std::stop_token& stop) {
  const auto count =
      static_cast<int>(std::min<int64_t>(knowledge.index.size(), std::numeric_limits<int>::max()));
  std::vector<Candidate> all = {
      {kNullDocumentId, inner_products(embedding, null_embedding_).front()}};
  if (count > 0) {
    const std::vector<std::vector<Hit>> results = knowledge.index.search(embedding, count);
    const std::vector<Hit>& hits = results.front();
    // A compressed index has scores of its own: only the stored vectors give f(x,z).
    constexpr size_t kRows = 4096;
    for (size_t begin = 0; begin < hits.size(); begin += kRows) {
      check_stop(stop);
      std::vector<DocumentId> ids;
      for (size_t i = begin; i < std::min(hits.size(), begin + kRows); ++i)
        ids.push_back(hits[i].id);
      const std::vector<double> exact = inner_products(embedding, knowledge.index.vectors(ids));
      for (size_t i = 0; i < ids.size(); ++i) all.push_back({ids[i], exact[i]});
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  std::vector<double> scores;
  for (const Candidate& candidate : all) scores.push_back(candidate.score);
  const std::vector<double> log_p_z = log_softmax(scores);
  double inside = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    for (const AskedDocument& document : result.documents) {
      const DocumentId id = document.is_null ? kNullDocumentId : document.document.id;
      if (id == all[i].id) inside += std::exp(log_p_z[i]);
    }
  }
  result.mass_outside_top_k = std::max(0.0, 1.0 - inside);

  // Documents are read from the most probable down until what is left cannot change the sum's
  // seventh digit.
  double left = 1.0;
  double p_y = 0;
  constexpr size_t kGroup = 64;
  for (size_t begin = 0; begin < all.size() && left > 1e-7 * p_y && left > 1e-30; begin += kGroup) {
    std::vector<Document> documents;
    const size_t end = std::min(all.size(), begin + kGroup);
    for (size_t i = begin; i < end; ++i) {
      auto document = all[i].id == kNullDocumentId ? Document{} : knowledge.corpus.find(all[i].id);
      if (!document)
        throw Error(
            ErrorCode::kMismatch,
            fmt::format("The index holds document {}, but the corpus does not.", all[i].id));
      documents.push_back(std::move(*document));
    }
    const Reading reading = read(x, documents, stop);
    const std::vector<double> log_p_y = word_log_p(reading.table(), y);
    for (size_t i = begin; i < end; ++i) {
      p_y += std::exp(log_p_z[i] + log_p_y[i - begin]);
      left -= std::exp(log_p_z[i]);
    }
  }
  result.exact_p_y_given_x = p_y;
}

AskResult Engine::ask(const AskQuery& query, const Knowledge& knowledge, std::stop_token stop) {
  Stopwatch total;
  Stopwatch watch;
  AskResult result;
  result.query = query;
  require_own_index(knowledge);
  const MaskedText x = parse_masked_text(query.text, query.answer, *tokenizer_, card_.lengths);
  result.pieces = piece_texts(x.ids);
  result.masks = x.masks;
  result.truncated = x.truncated;
  result.timings_ms.tokenize = watch.lap();

  check_stop(stop);
  const std::vector<float> embedding = embed_query(x);
  result.timings_ms.embed = watch.lap();
  const std::vector<Candidate> found = candidates(query, knowledge, embedding);
  std::vector<Document> documents;
  std::vector<double> scores;
  int null_index = 0;
  for (const Candidate& candidate : found) {
    scores.push_back(candidate.score);
    if (candidate.id == kNullDocumentId) {
      null_index = static_cast<int>(documents.size());
      documents.emplace_back();
      continue;
    }
    std::optional<Document> document = knowledge.corpus.find(candidate.id);
    if (!document) {
      throw Error(
          ErrorCode::kMismatch,
          fmt::format(
              "The index holds document {}, but the corpus does not; run `realm check --repair`.",
              candidate.id));
    }
    documents.push_back(std::move(*document));
  }
  result.timings_ms.search = watch.lap();

  const std::vector<double> log_p_z = log_softmax(scores);
  const Reading reading = read(x, documents, stop);
  std::optional<Reading> alone;
  if (baseline_) alone = read_alone(x);
  fill_words(result, x, reading, log_p_z, null_index, alone);

  // Without a given answer the top word takes its place, so that every column has a meaning.
  std::vector<int32_t> y = x.answer;
  result.answer_is_given = !y.empty();
  if (y.empty()) {
    const std::vector<RankedWord> best = top_words(reading.table(), log_p_z, 1);
    if (!best.empty()) y = best.front().pieces;
    result.answer = word_of(y);
  } else {
    result.answer = x.answer_text;
  }
  result.answer_pieces = piece_texts(y);
  const std::vector<double> log_p_y = word_log_p(reading.table(), y);
  const MarginalTerms terms = marginal_terms(log_p_z, log_p_y, null_index);
  result.log_p_y_given_x = terms.log_p_y;
  result.p_y_given_x = std::exp(terms.log_p_y);
  result.p_y_null = std::exp(log_p_y[static_cast<size_t>(null_index)]);
  for (size_t i = 0; i < documents.size(); ++i) {
    AskedDocument asked;
    asked.document = std::move(documents[i]);
    asked.is_null = static_cast<int>(i) == null_index;
    asked.is_pinned = std::find(query.pinned.begin(), query.pinned.end(), asked.document.id) !=
                      query.pinned.end();
    asked.rank = static_cast<int>(i) + 1;
    asked.score = scores[i];
    asked.p_z_given_x = std::exp(log_p_z[i]);
    asked.log_p_y_given_zx = log_p_y[i];
    asked.p_y_given_zx = std::exp(log_p_y[i]);
    asked.posterior = terms.posterior[i];
    asked.retrieval_utility = terms.retrieval_utility[i];
    asked.credit = terms.credit[i];
    result.documents.push_back(std::move(asked));
  }
  if (alone) {
    BaselineResult baseline;
    baseline.name = card_.baseline_name;
    baseline.log_p_y_given_x = word_log_p(alone->table(), y).front();
    baseline.p_y_given_x = std::exp(baseline.log_p_y_given_x);
    const std::vector<double> certain = {0.0};
    for (const RankedWord& word : top_words(alone->table(), certain, query.words)) {
      baseline.top.push_back({word_of(word.pieces), std::exp(word.log_p)});
    }
    result.baseline = std::move(baseline);
  }
  if (query.exact_sum) fill_exact_sum(result, x, knowledge, embedding, y, stop);
  result.timings_ms.read = watch.lap();

  result.model_name = card_.name;
  result.model_fingerprint = card_.fingerprint;
  result.model_step = card_.step;
  result.corpus_name = knowledge.corpus.name();
  result.corpus_fingerprint = knowledge.corpus.fingerprint();
  result.corpus_revision = knowledge.corpus.revision();
  result.corpus_documents = knowledge.corpus.size();
  result.index_type = knowledge.index.type();
  result.index_generation = knowledge.index.generation();
  result.index_model_fingerprint = knowledge.index_model_fingerprint;
  result.stale_documents = knowledge.stale_documents;
  result.timings_ms.total = total.lap();
  return result;
}

}  // namespace

std::unique_ptr<RealmEngine> RealmEngine::open(const EngineOptions& options) {
  try {
    return std::make_unique<Engine>(options);
  } catch (const c10::Error& error) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("LibTorch could not set up the model {}: {}", options.model.string(),
                            error.what_without_backtrace()));
  }
}

}  // namespace realm
