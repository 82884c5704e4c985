// A corpus in memory and a vocabulary whose pieces are plain to see, for the tests of training
// data.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/text/corpus.h"
#include "engine/text/wordpiece_tokenizer.h"
#include "trainer/data/passage_table.h"

namespace realm::testing {

class MemoryCorpus final : public Corpus {
 public:
  explicit MemoryCorpus(std::vector<Document> documents) : documents_(std::move(documents)) {}
  std::string name() const override { return "memory"; }
  int64_t size() const override { return static_cast<int64_t>(documents_.size()); }
  int64_t revision() const override { return 1; }
  std::string fingerprint() const override { return "memory"; }
  std::optional<Document> find(DocumentId id) const override;
  std::vector<Document> read_after(DocumentId after, int count) const override;

 private:
  std::vector<Document> documents_;
};

// [PAD] [UNK] [CLS] [SEP] [MASK], punctuation, letters, "##" letters, digits and "##" digits, and
// `words`.
std::shared_ptr<const WordPieceTokenizer> letters_and(const std::vector<std::string>& words);

// The pieces' texts, joined by spaces.
std::string text_of(const WordPieceTokenizer& tokenizer, const std::vector<int32_t>& ids);

}  // namespace realm::testing
