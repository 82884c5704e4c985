#include "engine/evaluation/cloze_evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include "engine/base/error.h"
#include "engine/evaluation/answer_match.h"
#include "engine/evaluation/scratch_layer.h"

namespace realm {
namespace {

// The documents with the titles that items edit, looked up in one walk over the corpus.
std::unordered_map<std::string, Document> find_edited(const Corpus& corpus,
                                                      std::span<const ClozeItem> items,
                                                      const std::stop_token& stop) {
  std::unordered_map<std::string, Document> by_title;
  for (const ClozeItem& item : items) {
    if (item.edit) by_title.emplace(item.edit->title, Document{});
  }
  size_t missing = by_title.size();
  DocumentId after = 0;
  while (missing > 0) {
    if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "The evaluation was stopped.");
    constexpr int kPage = 1000;
    const std::vector<Document> page = corpus.read_after(after, kPage);
    if (page.empty()) break;
    after = page.back().id;
    for (const Document& document : page) {
      const auto found = by_title.find(document.title);
      if (found == by_title.end() || found->second.id != kNullDocumentId)
        continue;  // the first of that title
      found->second = document;
      --missing;
    }
  }
  return by_title;
}

bool holds_words(const std::string& text, const std::string& answer) {
  const std::string wanted = normalize_answer(answer);
  return !wanted.empty() &&
         (" " + normalize_answer(text) + " ").find(" " + wanted + " ") != std::string::npos;
}

// y has the highest p(.|null,x) of all words that any candidate would say, the null document's own
// best among them.
bool is_best_of_null(const AskResult& result) {
  const PredictedWord* best = nullptr;
  for (const PredictedWord& word : result.top) {
    if (best == nullptr || word.null_p > best->null_p) best = &word;
  }
  return best != nullptr && best->pieces == result.answer_pieces;
}

void score_utilities(const AskResult& result, ClozeScore& score) {
  const auto pieces = static_cast<double>(std::max<size_t>(result.answer_pieces.size(), 1));
  for (const AskedDocument& candidate : result.documents) {
    if (candidate.is_null) continue;
    const double a_piece = candidate.retrieval_utility / pieces;
    const bool with_answer = holds_words(candidate.document.text, result.answer);
    (with_answer ? score.utility_with_answer : score.utility_without_answer).push_back(a_piece);
  }
}

constexpr int kAllWords = 1000;  // more than the candidates' best words together

class Evaluator {
 public:
  Evaluator(RealmEngine& engine, const EvaluationKnowledge& knowledge,
            const EvaluationOptions& options, std::stop_token stop)
      : engine_(engine), knowledge_(knowledge), options_(options), stop_(std::move(stop)) {
    if (options.candidates < 1) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("k must be at least 1, found {}.", options.candidates));
    }
  }

  using ScoreItem = std::function<void(const Knowledge&, ClozeScore&)>;

  std::vector<ClozeScore> run(std::span<const ClozeItem> items, const ProgressCallback& progress,
                              const ScoreItem& score) {
    edited_ = find_edited(knowledge_.corpus, items, stop_);
    std::vector<ClozeScore> scores;
    scores.reserve(items.size());
    for (const ClozeItem& item : items) {
      if (stop_.stop_requested()) throw Error(ErrorCode::kCancelled, "The evaluation was stopped.");
      ClozeScore& result = scores.emplace_back();
      result.item = item;
      try {
        with_knowledge(item, [&](const Knowledge& knowledge) { score(knowledge, result); });
      } catch (const Error& error) {
        if (error.code() != ErrorCode::kInvalidArgument && error.code() != ErrorCode::kNotFound)
          throw;
        ClozeScore failed;
        failed.item = item;
        failed.failure = error.what();
        result = std::move(failed);
      }
      if (progress) {
        progress({.done = static_cast<int64_t>(scores.size()),
                  .total = static_cast<int64_t>(items.size()),
                  .stage = "scoring"});
      }
    }
    return scores;
  }

  void score_cloze(const Knowledge& knowledge, ClozeScore& score) {
    AskQuery query;
    query.text = score.item.text;
    query.candidates = options_.candidates;
    query.words = kAllWords;
    if (!score.item.old_answer.empty()) query.watch.push_back(score.item.old_answer);
    const AskResult result = engine_.ask(query, knowledge, stop_);
    if (!result.answer_is_given) {
      throw Error(ErrorCode::kInvalidArgument,
                  "The sentence names no answer: expected [[answer]] in it.");
    }
    score.answer = result.answer;
    if (!result.top.empty()) {
      score.predicted = result.top.front().word;
      score.is_right = result.top.front().pieces == result.answer_pieces;
    }
    score.p = result.p_y_given_x;
    score.log_p = result.log_p_y_given_x;
    score.p_null = result.p_y_null;
    score.is_null_right = is_best_of_null(result);
    score_utilities(result, score);
    if (result.baseline) {
      score.p_baseline = result.baseline->p_y_given_x;
      score.is_baseline_right = !result.baseline->top.empty() &&
                                exact_match(result.baseline->top.front().word, result.answer);
    }
    if (!result.watch.empty() && result.watch.front().note.empty())
      score.p_old = result.watch.front().p;
    if (!score.item.title) return;
    for (const AskedDocument& candidate : result.documents) {
      if (candidate.is_null || !score.item.is_gold(candidate.document.title)) continue;
      score.p_gold = candidate.p_y_given_zx;
      score.p_z_gold = candidate.p_z_given_x;
      break;  // the best of that title
    }
    score_retrieval(knowledge, score);
  }

  void score_retrieval(const Knowledge& knowledge, ClozeScore& score) {
    if (!score.item.title) return;
    AskQuery query;
    query.text = score.item.text;
    query.candidates = std::max(options_.depth, 8) + 1;  // with the null document
    int rank = 0;
    for (const RetrievedDocument& found : engine_.retrieve(query, knowledge, stop_)) {
      if (found.is_null) continue;
      ++rank;
      const std::optional<Document> document = knowledge.corpus.find(found.id);
      if (document && score.item.is_gold(document->title)) {
        score.gold_rank = rank;
        return;
      }
    }
  }

 private:
  // Calls `use` with the knowledge as the item would have it.
  void with_knowledge(const ClozeItem& item, const std::function<void(const Knowledge&)>& use) {
    if (item.add.empty() && !item.edit) {
      use(Knowledge{.corpus = knowledge_.corpus,
                    .index = *knowledge_.index,
                    .index_model_fingerprint = knowledge_.index_model_fingerprint});
      return;
    }
    ScratchLayer layer(knowledge_.corpus, knowledge_.index);
    for (const Document& document : item.add) layer.put(document, engine_, stop_);
    if (item.edit) {
      Document document = edited_.at(item.edit->title);
      if (document.id == kNullDocumentId) {
        throw Error(
            ErrorCode::kNotFound,
            fmt::format("The corpus holds no passage \"{}\" to be edited.", item.edit->title));
      }
      document.text = item.edit->text;
      layer.put(std::move(document), engine_, stop_);
    }
    use(Knowledge{.corpus = layer,
                  .index = layer.index(),
                  .index_model_fingerprint = knowledge_.index_model_fingerprint});
  }

  RealmEngine& engine_;
  const EvaluationKnowledge& knowledge_;
  EvaluationOptions options_;
  std::stop_token stop_;
  std::unordered_map<std::string, Document> edited_;
};

}  // namespace

std::vector<ClozeScore> evaluate_cloze(RealmEngine& engine, const EvaluationKnowledge& knowledge,
                                       std::span<const ClozeItem> items,
                                       const EvaluationOptions& options, std::stop_token stop,
                                       const ProgressCallback& progress) {
  Evaluator evaluator(engine, knowledge, options, std::move(stop));
  return evaluator.run(items, progress, [&](const Knowledge& with, ClozeScore& score) {
    evaluator.score_cloze(with, score);
  });
}

std::vector<ClozeScore> evaluate_retrieval(RealmEngine& engine,
                                           const EvaluationKnowledge& knowledge,
                                           std::span<const ClozeItem> items,
                                           const EvaluationOptions& options, std::stop_token stop,
                                           const ProgressCallback& progress) {
  Evaluator evaluator(engine, knowledge, options, std::move(stop));
  return evaluator.run(items, progress, [&](const Knowledge& with, ClozeScore& score) {
    if (!score.item.title)
      throw Error(ErrorCode::kInvalidArgument, "The row names no passage under \"title\".");
    evaluator.score_retrieval(with, score);
  });
}

}  // namespace realm
