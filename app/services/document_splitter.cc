#include "app/services/document_splitter.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "engine/text/passage_chunker.h"

namespace realm {

DocumentSplitter make_splitter(std::shared_ptr<const WordPieceTokenizer> tokenizer,
                               int max_wordpieces) {
  PassageChunkerOptions options;
  options.max_pieces = max_wordpieces;
  options.unescape_html = false;  // these are texts, not pages
  options.skip_list_pages = false;
  const auto chunker = std::make_shared<const PassageChunker>(tokenizer, options);
  return [chunker, count = make_piece_counter(std::move(tokenizer)),
          max_wordpieces](Document document) {
    // A document that fits stays as it is written, to the last space.
    if (count(document) <= max_wordpieces) return std::vector<Document>{std::move(document)};
    return chunker->chunk(document);
  };
}

std::function<int64_t(const Document&)> make_piece_counter(
    std::shared_ptr<const WordPieceTokenizer> tokenizer) {
  return [tokenizer = std::move(tokenizer)](const Document& document) {
    constexpr size_t kSpecialPieces = 3;  // [CLS] title [SEP] text [SEP]
    return static_cast<int64_t>(tokenizer->tokenize(document.title).size() +
                                tokenizer->tokenize(document.text).size() + kSpecialPieces);
  };
}

std::string splitter_name(int max_wordpieces) {
  return fmt::format("wordpieces-{}", max_wordpieces);
}

}  // namespace realm
