#include "engine/realm_engine.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "engine/base/cancellation.h"
#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "engine/checkpoint/model_folder.h"
#include "engine/model/device.h"
#include "engine/model/model_io.h"
#include "engine/prediction/marginal.h"
#include "engine/prediction/passage_reader.h"
#include "engine/prediction/predicted_words.h"
#include "engine/retrieval/knowledge_retriever.h"
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

// One question as its answer comes together.
struct Asked {
  MaskedText x;
  std::vector<float> embedding;         // e(x)
  std::vector<Document> documents;      // the candidates; the null document is empty
  std::vector<double> scores, log_p_z;  // f(x,z), log p(z|x)
  int null_index = 0;                   // in documents
};

class Engine final : public RealmEngine {
 public:
  explicit Engine(const EngineOptions& options);

  const ModelCard& card() const override { return card_; }
  const WordPieceTokenizer& tokenizer() const override { return *tokenizer_; }

  std::vector<float> embed_documents(std::span<const Document> documents, std::stop_token stop,
                                     const ProgressCallback& progress) override {
    return retriever_->embed_documents(documents, stop, progress);
  }
  std::vector<RetrievedDocument> retrieve(const AskQuery& query, const Knowledge& knowledge,
                                          std::stop_token stop) override;
  AskResult ask(const AskQuery& query, const Knowledge& knowledge, std::stop_token stop) override;

 private:
  void load_baseline(const EngineOptions& options, const ModelSetting& setting);
  void require_own_index(const Knowledge& knowledge) const;
  void find_documents(const AskQuery& query, const Knowledge& knowledge, Asked& asked) const;
  void fill_documents(AskResult& result, Asked& asked, const std::vector<double>& log_p_y) const;
  void fill_exact_sum(AskResult& result, const Asked& asked, const Knowledge& knowledge,
                      std::span<const int32_t> y, const std::stop_token& stop);
  void fill_provenance(AskResult& result, const Knowledge& knowledge) const;

  ModelCard card_;
  std::shared_ptr<const WordPieceTokenizer> tokenizer_;
  std::optional<KnowledgeRetriever> retriever_;
  std::optional<PassageReader> reader_;
  std::optional<PassageReader> baseline_;
};

std::string model_name(const ModelFolder& folder) {
  return folder.info().name.value_or(folder.path().filename().string());
}

Document document_of(const Knowledge& knowledge, DocumentId id) {
  if (id == kNullDocumentId) return {};
  std::optional<Document> document = knowledge.corpus.find(id);
  if (!document) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("The index holds document {}, but the corpus does not; run `realm "
                            "check --repair`.",
                            id));
  }
  return std::move(*document);
}

std::vector<double> scores_of(const std::vector<ScoredCandidate>& candidates) {
  std::vector<double> out;
  for (const ScoredCandidate& candidate : candidates) out.push_back(candidate.score);
  return out;
}

Engine::Engine(const EngineOptions& options) {
  const torch::Device device = parse_device(options.device);
  const ModelFolder folder = ModelFolder::open(options.model);
  tokenizer_ = load_tokenizer(folder);
  Embedder embedder = load_embedder(folder, device);
  KnowledgeAugmentedEncoder encoder = load_encoder(folder, device);
  embedder->eval();
  encoder->eval();
  if (options.precision == Precision::kBf16) {
    embedder->to(torch::kBFloat16);
    encoder->to(torch::kBFloat16);
  }
  card_.name = model_name(folder);
  card_.step = folder.info().step.value_or(0);
  card_.lengths = sequence_lengths(folder);
  card_.embedder_fingerprint = sha256_hex(folder.load(ModelPart::kEmbedder).fingerprint() +
                                          tokenizer_->vocabulary().fingerprint());
  card_.fingerprint =
      sha256_hex(card_.embedder_fingerprint + folder.load(ModelPart::kEncoder).fingerprint());
  card_.dimension = static_cast<int>(embedder->config().projection);
  card_.layers = static_cast<int>(encoder->config().layers);
  card_.hidden = static_cast<int>(encoder->config().hidden);
  card_.vocabulary = tokenizer_->vocabulary().size();
  for (const auto& parameter : embedder->parameters()) card_.parameters += parameter.numel();
  for (const auto& parameter : encoder->parameters()) card_.parameters += parameter.numel();
  card_.device = device.str();
  const ModelSetting setting{tokenizer_, card_.lengths, device, options.threads};
  retriever_.emplace(embedder, setting, folder.info().score_scale.value_or(1.0));
  reader_.emplace(encoder, setting);
  if (options.baseline) load_baseline(options, setting);
}

void Engine::load_baseline(const EngineOptions& options, const ModelSetting& setting) {
  const ModelFolder folder = ModelFolder::open(*options.baseline);
  KnowledgeAugmentedEncoder encoder = load_encoder(folder, setting.device);
  encoder->eval();
  if (options.precision == Precision::kBf16) encoder->to(torch::kBFloat16);
  if (load_tokenizer(folder)->vocabulary().fingerprint() !=
      tokenizer_->vocabulary().fingerprint()) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("The baseline {} has another vocabulary than the model {}, so their "
                            "words cannot be compared.",
                            model_name(folder), card_.name));
  }
  card_.baseline_name = model_name(folder);
  card_.baseline_fingerprint = folder.load(ModelPart::kEncoder).fingerprint();
  baseline_.emplace(encoder, setting);
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

std::vector<RetrievedDocument> Engine::retrieve(const AskQuery& query, const Knowledge& knowledge,
                                                std::stop_token stop) {
  require_own_index(knowledge);
  const MaskedText x = parse_masked_text(query.text, query.answer, *tokenizer_, card_.lengths);
  throw_if_cancelled(stop);
  const std::vector<ScoredCandidate> found =
      retriever_->candidates(knowledge.index, retriever_->embed_query(x),
                             {query.candidates, query.pinned, query.excluded});
  const std::vector<double> log_p = log_softmax(scores_of(found));
  std::vector<RetrievedDocument> out;
  for (size_t i = 0; i < found.size(); ++i) {
    out.push_back(
        {found[i].id, found[i].id == kNullDocumentId, found[i].score, std::exp(log_p[i])});
  }
  return out;
}

void Engine::find_documents(const AskQuery& query, const Knowledge& knowledge, Asked& asked) const {
  const std::vector<ScoredCandidate> found = retriever_->candidates(
      knowledge.index, asked.embedding, {query.candidates, query.pinned, query.excluded});
  for (const ScoredCandidate& candidate : found) {
    if (candidate.id == kNullDocumentId)
      asked.null_index = static_cast<int>(asked.documents.size());
    asked.documents.push_back(document_of(knowledge, candidate.id));
  }
  asked.scores = scores_of(found);
  asked.log_p_z = log_softmax(asked.scores);
}

void Engine::fill_documents(AskResult& result, Asked& asked,
                            const std::vector<double>& log_p_y) const {
  const MarginalTerms terms = marginal_terms(asked.log_p_z, log_p_y, asked.null_index);
  result.log_p_y_given_x = terms.log_p_y;
  result.p_y_given_x = std::exp(terms.log_p_y);
  result.p_y_null = std::exp(log_p_y[static_cast<size_t>(asked.null_index)]);
  const std::vector<DocumentId>& pinned = result.query.pinned;
  for (size_t i = 0; i < asked.documents.size(); ++i) {
    AskedDocument document;
    document.document = std::move(asked.documents[i]);
    document.is_null = static_cast<int>(i) == asked.null_index;
    document.is_pinned =
        std::find(pinned.begin(), pinned.end(), document.document.id) != pinned.end();
    document.rank = static_cast<int>(i) + 1;
    document.score = asked.scores[i];
    document.p_z_given_x = std::exp(asked.log_p_z[i]);
    document.log_p_y_given_zx = log_p_y[i];
    document.p_y_given_zx = std::exp(log_p_y[i]);
    document.posterior = terms.posterior[i];
    document.retrieval_utility = terms.retrieval_utility[i];
    document.credit = terms.credit[i];
    result.documents.push_back(std::move(document));
  }
}

void Engine::fill_exact_sum(AskResult& result, const Asked& asked, const Knowledge& knowledge,
                            std::span<const int32_t> y, const std::stop_token& stop) {
  const std::vector<ScoredCandidate> all =
      retriever_->all_documents(knowledge.index, asked.embedding, stop);
  const std::vector<double> log_p_z = log_softmax(scores_of(all));
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
    for (size_t i = begin; i < end; ++i) documents.push_back(document_of(knowledge, all[i].id));
    const Reading reading = reader_->read(asked.x, documents, stop);
    const std::vector<double> log_p_y = word_log_p(reading.table(), y);
    for (size_t i = begin; i < end; ++i) {
      p_y += std::exp(log_p_z[i] + log_p_y[i - begin]);
      left -= std::exp(log_p_z[i]);
    }
  }
  result.exact_p_y_given_x = p_y;
}

void Engine::fill_provenance(AskResult& result, const Knowledge& knowledge) const {
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
}

BaselineResult baseline_result(const std::string& name, const PieceTable& table,
                               std::span<const int32_t> y, int words,
                               const WordPieceTokenizer& tokenizer) {
  BaselineResult out;
  out.name = name;
  out.log_p_y_given_x = word_log_p(table, y).front();
  out.p_y_given_x = std::exp(out.log_p_y_given_x);
  const std::vector<double> certain = {0.0};
  for (const RankedWord& word : top_words(table, certain, words))
    out.top.push_back({word_of(tokenizer, word.pieces), std::exp(word.log_p)});
  return out;
}

AskResult Engine::ask(const AskQuery& query, const Knowledge& knowledge, std::stop_token stop) {
  Stopwatch total;
  Stopwatch watch;
  AskResult result;
  result.query = query;
  require_own_index(knowledge);
  Asked asked;
  asked.x = parse_masked_text(query.text, query.answer, *tokenizer_, card_.lengths);
  result.pieces = piece_texts(*tokenizer_, asked.x.ids);
  result.masks = asked.x.masks;
  result.truncated = asked.x.truncated;
  result.timings_ms.tokenize = watch.lap();

  throw_if_cancelled(stop);
  asked.embedding = retriever_->embed_query(asked.x);
  result.timings_ms.embed = watch.lap();
  find_documents(query, knowledge, asked);
  result.timings_ms.search = watch.lap();

  const Reading reading = reader_->read(asked.x, asked.documents, stop);
  std::optional<Reading> alone;
  if (baseline_) alone = baseline_->read_alone(asked.x);
  const std::optional<PieceTable> alone_table =
      alone ? std::optional<PieceTable>(alone->table()) : std::nullopt;
  const WordEvidence evidence{*tokenizer_, reading.table(), asked.log_p_z, asked.null_index,
                              alone_table};
  result.top = predicted_words(evidence, query.words);
  result.top_other = 1.0;
  for (const PredictedWord& word : result.top) result.top_other -= word.p;
  result.top_other = std::max(0.0, result.top_other);
  result.watch = watched_words(evidence, query.watch);

  // Without a given answer the top word takes its place, so that every column has a meaning.
  std::vector<int32_t> y = asked.x.answer;
  result.answer_is_given = !y.empty();
  result.answer = asked.x.answer_text;
  if (y.empty()) {
    const std::vector<RankedWord> best = top_words(reading.table(), asked.log_p_z, 1);
    if (!best.empty()) y = best.front().pieces;
    result.answer = word_of(*tokenizer_, y);
  }
  result.answer_pieces = piece_texts(*tokenizer_, y);
  fill_documents(result, asked, word_log_p(reading.table(), y));
  if (alone_table) {
    result.baseline =
        baseline_result(card_.baseline_name, *alone_table, y, query.words, *tokenizer_);
  }
  if (query.exact_sum) fill_exact_sum(result, asked, knowledge, y, stop);
  result.timings_ms.read = watch.lap();

  fill_provenance(result, knowledge);
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
