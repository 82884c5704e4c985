// A RealmEngine of a few lines whose numbers can be worked out by hand. Documents and questions are
// embedded as the counts of four letters; what is predicted is the last word of the passage that
// has the highest score.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/realm_engine.h"

namespace realm::testing {

inline constexpr int kFakeDimension = 4;  // counts of p, q, r and s

inline std::vector<float> fake_vector(const std::string& text) {
  std::vector<float> vector;
  for (const char letter : {'p', 'q', 'r', 's'}) {
    vector.push_back(static_cast<float>(std::count(text.begin(), text.end(), letter)));
  }
  return vector;
}

inline std::string last_word(const std::string& text) { return text.substr(text.rfind(' ') + 1); }

class FakeEngine final : public RealmEngine {
 public:
  explicit FakeEngine(const std::string& fingerprint = "fake") {
    card_.embedder_fingerprint = fingerprint;
    card_.dimension = kFakeDimension;
  }

  bool has_baseline = true;
  int embedded = 0;  // documents

  const ModelCard& card() const override { return card_; }
  const WordPieceTokenizer& tokenizer() const override { return tokenizer_; }

  std::vector<float> embed_documents(std::span<const Document> documents, std::stop_token /*stop*/,
                                     const ProgressCallback& /*progress*/) override {
    std::vector<float> rows;
    for (const Document& document : documents) {
      const std::vector<float> row = fake_vector(document.text);
      rows.insert(rows.end(), row.begin(), row.end());
      ++embedded;
    }
    return rows;
  }

  std::vector<RetrievedDocument> retrieve(const AskQuery& query, const Knowledge& knowledge,
                                          std::stop_token /*stop*/) override {
    std::vector<RetrievedDocument> found = {
        {.id = kNullDocumentId, .is_null = true, .score = 0, .probability = 0}};
    const std::vector<float> vector = fake_vector(query.text.substr(0, query.text.find("[[")));
    const std::vector<std::vector<Hit>> results =
        knowledge.index.search(vector, query.candidates - 1);  // lives while it is read
    for (const Hit& hit : results.front()) {
      found.push_back({.id = hit.id, .is_null = false, .score = hit.score, .probability = 0});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
    double sum = 0;
    for (const RetrievedDocument& document : found) sum += std::exp(document.score);
    for (RetrievedDocument& document : found) document.probability = std::exp(document.score) / sum;
    return found;
  }

  // p(y|z,x) is 1 where the passage ends with y, else 0; a quarter from the null document and from
  // the baseline. RU is log 4 where the passage ends with y, else -1. The null document's own best
  // word is "grey".
  AskResult ask(const AskQuery& query, const Knowledge& knowledge, std::stop_token stop) override {
    const size_t open = query.text.find("[[");
    if (open == std::string::npos)
      throw Error(ErrorCode::kInvalidArgument, "The sentence hides no word.");
    AskResult result;
    result.query = query;
    result.answer = query.text.substr(open + 2, query.text.find("]]") - open - 2);
    result.answer_pieces = {result.answer};
    result.answer_is_given = true;
    PredictedWord top;
    for (const RetrievedDocument& found : retrieve(query, knowledge, stop)) {
      AskedDocument candidate;
      if (!found.is_null) candidate.document = knowledge.corpus.find(found.id).value();
      candidate.is_null = found.is_null;
      candidate.score = found.score;
      candidate.p_z_given_x = found.probability;
      candidate.p_y_given_zx = found.is_null                                         ? 0.25
                               : last_word(candidate.document.text) == result.answer ? 1
                                                                                     : 0;
      candidate.retrieval_utility = candidate.p_y_given_zx == 1 ? std::log(4.0) : -1.0;
      result.p_y_given_x += candidate.p_z_given_x * candidate.p_y_given_zx;
      if (top.word.empty() && !found.is_null) top.word = last_word(candidate.document.text);
      for (const std::string& word : query.watch) {
        if (result.watch.empty()) {
          result.watch.emplace_back();
          result.watch.front().word = word;
          result.watch.front().pieces = {word};
        }
        if (!found.is_null && last_word(candidate.document.text) == word)
          result.watch[0].p += found.probability;
      }
      result.documents.push_back(std::move(candidate));
    }
    top.pieces = {top.word};
    result.top.push_back(std::move(top));
    PredictedWord of_null;
    of_null.word = "grey";
    of_null.pieces = {"grey"};
    of_null.null_p = 0.5;
    result.top.push_back(std::move(of_null));
    result.p_y_null = 0.25;
    result.log_p_y_given_x = std::log(result.p_y_given_x);
    if (has_baseline) {
      result.baseline = BaselineResult{
          .name = "plain", .p_y_given_x = 0.25, .log_p_y_given_x = std::log(0.25), .top = {}};
      result.baseline->top.push_back({.word = "The Red!", .p = 0.5});
    }
    return result;
  }

 private:
  ModelCard card_;
  WordPieceTokenizer tokenizer_{std::make_shared<const Vocabulary>(
      std::vector<std::string>{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "red"})};
};

// A corpus in memory, with ids from 1.
class FakeCorpus final : public Corpus {
 public:
  explicit FakeCorpus(std::vector<Document> documents) : documents_(std::move(documents)) {
    for (size_t i = 0; i < documents_.size(); ++i)
      documents_[i].id = static_cast<DocumentId>(i + 1);
  }
  std::string name() const override { return "fake"; }
  int64_t size() const override { return static_cast<int64_t>(documents_.size()); }
  int64_t revision() const override { return 1; }
  std::string fingerprint() const override { return "f"; }
  std::optional<Document> find(DocumentId id) const override {
    if (id < 1 || id > size()) return std::nullopt;
    return documents_[static_cast<size_t>(id - 1)];
  }
  std::vector<Document> read_after(DocumentId after, int count) const override {
    std::vector<Document> page;
    for (const Document& document : documents_) {
      if (document.id > after && static_cast<int>(page.size()) < count) page.push_back(document);
    }
    return page;
  }
  const std::vector<Document>& documents() const { return documents_; }

 private:
  std::vector<Document> documents_;
};

}  // namespace realm::testing
