// Probe queries: sentences of the user's own with their answer, measured again and again while
// training goes on (the film of learning to retrieve; UI.md I 67). Function without state.
//
// File: JSON Lines {"name", "text", "title"?}. "text" hides its answer as [[...]]
// (engine/text/masked_text.h); "title" names the passage of Z that states the fact.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/text/masked_text.h"
#include "trainer/data/passage_table.h"

namespace realm {

struct ProbeQuery {
  std::string name;   // of its own in the file
  std::string text;   // with the brackets
  MaskedText x;       // with its answer
  int64_t gold = -1;  // row of the named passage, -1: none is named
};

// Blocks. Throws Error{kNotFound} for a missing file; Error{kCorruptData} with the line number for
// a line that is not such an object, whose text hides nothing or more than fits, or that names a
// passage which the corpus does not have; Error{kInvalidArgument} for a name that is used twice.
std::vector<ProbeQuery> load_probes(const std::filesystem::path& file,
                                    const WordPieceTokenizer& tokenizer,
                                    const PassageTable& passages, const SequenceLengths& lengths);

}  // namespace realm
