// PassageChunker: parts an article into passages that the embedder and the reader can take
// (REALM_SPEC 5.6): whole sentences, greedily, as long as [CLS] title [SEP] sentences [SEP] has at
// most max_pieces pieces.
//
// Immutable: safe to share between threads. Does not block.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/corpus.h"
#include "engine/text/wordpiece_tokenizer.h"

namespace realm {

struct PassageChunkerOptions {
  int max_pieces = 288;  // with the title and the three special pieces
  bool unescape_html = true;
  bool skip_list_pages =
      true;  // "List of ...", "Index of ...", "Outline of ...", "... (disambiguation)"
  // Differs from paper: ORQA makes a sentence that is too long a passage of its own, whose end no
  // model ever reads. We part it between words, so that all of a user's text can be found; false
  // gives ORQA's blocks.
  bool part_long_sentences = true;
};

struct Passage {
  std::string text;  // its sentences, joined by one space
  int pieces = 0;    // word pieces of `text`, without title and special pieces
};

class PassageChunker {
 public:
  // Throws Error{kInvalidArgument} for less than 8 pieces.
  PassageChunker(std::shared_ptr<const WordPieceTokenizer> tokenizer,
                 PassageChunkerOptions options = {});

  const PassageChunkerOptions& options() const noexcept { return options_; }

  // Empty for an article without text, or one that the options skip.
  std::vector<Passage> chunk(std::string_view title, std::string_view text) const;
  // The same on documents: each passage carries the title, source and licence of the article; ids
  // are kNullDocumentId.
  std::vector<Document> chunk(const Document& article) const;

  // Whether a title names a page that is no article: a list, an index, an outline or a
  // disambiguation page.
  static bool is_list_page(std::string_view title);

 private:
  std::shared_ptr<const WordPieceTokenizer> tokenizer_;
  PassageChunkerOptions options_;
};

}  // namespace realm
