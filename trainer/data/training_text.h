// TrainingText: X, the sentences that are masked (REALM section 3.4; REALM_SPEC 5.1), as word
// pieces in memory.
//
// File: JSON Lines {"text", "title"?, "names"?}. "text" marks its salient spans as [[...]]; "title"
// names the passage of Z that states the fact; "names" lists surface forms that may be swapped for
// random pieces in x and z alike.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "trainer/data/passage_table.h"

namespace realm {

struct TrainingSentence {
  Pieces pieces;                 // without [CLS] and [SEP]
  std::vector<PieceSpan> spans;  // salient spans; each at least one piece
  std::vector<Pieces> names;     // longest first
  int64_t passage = -1;          // row of the named passage, -1: none is named
  std::string text;              // without the marks, for the trivial-candidate filter
};

struct TrainingText {
  std::vector<TrainingSentence> sentences;
  int64_t skipped_without_span = 0, skipped_too_long = 0, unknown_titles = 0;

  // Sentences of more than `query_length` - 2 pieces are skipped and counted. Blocks. Throws
  // Error{kNotFound} for a missing file, Error{kCorruptData} with the line number for a line that
  // is not such an object, Error{kInvalidArgument} when nothing usable is left.
  static TrainingText load(const std::filesystem::path& file, const WordPieceTokenizer& tokenizer,
                           const PassageTable& passages, int query_length);
};

}  // namespace realm
