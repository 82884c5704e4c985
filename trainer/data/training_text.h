// TrainingText: X, the sentences that are masked (REALM section 3.4; REALM_SPEC 5.1), as word
// pieces in memory.
//
// File: JSON Lines {"text", "title"?, "names"?}. "text" marks its salient spans as [[...]]; in a
// file of which less than half has marks a tagger finds those of the rest. "title" names the
// passage of Z that states the fact; "names" lists surface forms that may be swapped for random
// pieces in x and z alike.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/text/salient_span_tagger.h"
#include "trainer/data/passage_table.h"

namespace realm {

struct TrainingSentence {
  Pieces pieces;                 // without [CLS] and [SEP]
  std::vector<PieceSpan> spans;  // salient spans; each at least one piece. May be none where the
                                 // text was loaded without the need for any
  std::vector<Pieces> names;     // longest first
  int64_t passage = -1;          // row of the named passage, -1: none is named
  std::string text;              // without the marks, for the trivial-candidate filter
};

struct TrainingTextRules {
  int query_length = 64;    // pieces of x with [CLS] and [SEP]; longer sentences are skipped
  bool needs_spans = true;  // sentences without a salient span are skipped
  // Makes the tagger of a text without marks, when it is needed; empty: none is tagged.
  std::function<std::unique_ptr<SalientSpanTagger>()> make_tagger = {};
  // Called for every sentence and, while a tagger works, for every few hundred; what it throws is
  // passed on.
  std::function<void()> goes_on = {};
};

struct TrainingText {
  std::vector<TrainingSentence> sentences;
  int64_t skipped_without_span = 0, skipped_too_long = 0, unknown_titles = 0;
  bool was_tagged = false;  // the file was not marked, and a tagger found the spans

  // Sentences of more than query_length - 2 pieces are skipped and counted. Blocks. Throws
  // Error{kNotFound} for a missing file, Error{kCorruptData} with the line number for a line that
  // is not such an object, Error{kInvalidArgument} when nothing usable is left.
  static TrainingText load(const std::filesystem::path& file, const WordPieceTokenizer& tokenizer,
                           const PassageTable& passages, const TrainingTextRules& rules);
  // The sentences of the passages themselves (X = Z, as with the paper's Wikipedia), without marks.
  // `names_passages`: each names the passage that it stands in.
  static TrainingText of_passages(const WordPieceTokenizer& tokenizer, const PassageTable& passages,
                                  const TrainingTextRules& rules, bool names_passages);
};

}  // namespace realm
