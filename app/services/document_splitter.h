// Cuts documents that are longer than a model reads into passages, for imports.
//
// Thread-safe; the splitter holds the tokenizer.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/text/wordpiece_tokenizer.h"
#include "storage/importers.h"

namespace realm {

inline constexpr int kPassageWordpieces = 288;  // of title and text, as in the paper

// A document of at most `max_wordpieces` pieces stays as it is written.
DocumentSplitter make_splitter(std::shared_ptr<const WordPieceTokenizer> tokenizer,
                               int max_wordpieces);
std::string splitter_name(int max_wordpieces);  // for ImportOptions
// How many word pieces a model would read of a document: its title, its text and what stands
// between them.
std::function<int64_t(const Document&)> make_piece_counter(
    std::shared_ptr<const WordPieceTokenizer> tokenizer);

}  // namespace realm
