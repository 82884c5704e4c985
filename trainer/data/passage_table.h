// PassageTable: the corpus Z as word pieces, in memory, as training reads it (REALM_SPEC 5.3, 5.7).
// Immutable after loading.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/text/corpus.h"
#include "engine/text/wordpiece_tokenizer.h"

namespace realm {

using Pieces = std::vector<int32_t>;

struct PieceSpan {
  int begin = 0, end = 0;  // half-open range of piece indices
};

// The pieces that lie wholly inside the bytes [begin, end); an empty range where none does.
PieceSpan pieces_inside(std::span<const Token> tokens, size_t begin, size_t end);

struct Passage {
  DocumentId id = kNullDocumentId;
  Pieces title;
  std::vector<Pieces> sentences;              // the body, sentence by sentence
  std::vector<std::vector<PieceSpan>> spans;  // each sentence's names, dates and numbers, by rules
  std::string plain_title;
  std::string plain_text;  // the body as it stands, for the trivial-candidate filter
  int source = 0;          // index into PassageTable::sources

  Pieces body() const;
};

class PassageTable {
 public:
  // Reads and tokenizes every document. Blocks; calls `goes_on`, if any, for every document, and
  // passes on what it throws. Throws Error{kInvalidArgument} for an empty corpus.
  static PassageTable load(const Corpus& corpus, const WordPieceTokenizer& tokenizer,
                           const std::function<void()>& goes_on = {});

  int64_t size() const noexcept { return static_cast<int64_t>(passages_.size()); }
  const Passage& at(int64_t row) const { return passages_.at(static_cast<size_t>(row)); }
  std::span<const Passage> all() const noexcept { return passages_; }
  int64_t row_of(DocumentId id) const;                   // -1: no such document
  int64_t row_of_title(const std::string& title) const;  // -1: no such title
  // Rows of each source, in id order.
  const std::vector<std::vector<int64_t>>& rows_by_source() const noexcept { return by_source_; }

 private:
  std::vector<Passage> passages_;
  std::unordered_map<DocumentId, int64_t> rows_;
  std::unordered_map<std::string, int64_t> titles_;
  std::vector<std::vector<int64_t>> by_source_;
};

}  // namespace realm
