#include "engine/text/passage_chunker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "engine/text/byte_span.h"
#include "engine/text/html_text.h"
#include "engine/text/sentence_splitter.h"

namespace realm {
namespace {

constexpr int kSpecialPieces = 3;  // [CLS] title [SEP] body [SEP]
constexpr int kLeastPieces = 8;

// One line, single spaces: a sentence may run over several lines of the article.
std::string join_lines(std::string_view sentence) {
  std::string line;
  line.reserve(sentence.size());
  for (const char c : sentence) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return line;
}

// Parts a sentence between words into spans of at most `budget` pieces each. A single word that is
// longer stays whole.
std::vector<ByteSpan> part_sentence(std::string_view sentence, const std::vector<Token>& tokens,
                                    size_t budget) {
  std::vector<ByteSpan> parts;
  size_t first = 0;  // token that begins the part
  while (first < tokens.size()) {
    size_t last = std::min(first + budget, tokens.size());
    if (last < tokens.size()) {
      // Back to where a word begins after a space.
      const auto is_cut = [&](size_t i) {
        return tokens[i].begin > tokens[i - 1].end && sentence[tokens[i].begin - 1] == ' ';
      };
      size_t cut = last;
      while (cut > first && !is_cut(cut)) --cut;
      if (cut == first) {
        cut = last;
        while (cut < tokens.size() && !is_cut(cut)) ++cut;
      }
      last = cut;
    }
    const size_t begin = parts.empty() ? 0 : tokens[first].begin;
    const size_t end = last == tokens.size() ? sentence.size() : tokens[last].begin - 1;
    parts.push_back({begin, end});
    first = last;
  }
  return parts;
}

}  // namespace

PassageChunker::PassageChunker(std::shared_ptr<const WordPieceTokenizer> tokenizer,
                               PassageChunkerOptions options)
    : tokenizer_(std::move(tokenizer)), options_(options) {
  REALM_CHECK(tokenizer_ != nullptr);
  if (options_.max_pieces < kLeastPieces) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("A passage needs room for at least {} word pieces; found {}.",
                            kLeastPieces, options_.max_pieces));
  }
}

bool PassageChunker::is_list_page(std::string_view title) {
  return title.starts_with("List of ") || title.starts_with("Index of ") ||
         title.starts_with("Outline of ") ||
         title.find("(disambiguation)") != std::string_view::npos;
}

std::vector<Passage> PassageChunker::chunk(std::string_view title, std::string_view text) const {
  if (options_.skip_list_pages && is_list_page(title)) return {};
  const std::string unescaped = options_.unescape_html ? unescape_html(text) : std::string(text);
  // However long the title, the body is parted as if half of the length were its own: passages of a
  // few words help nobody.
  const int title_pieces = static_cast<int>(tokenizer_->token_ids(title).size());
  const int room = options_.max_pieces - kSpecialPieces;
  const int budget = std::max(room - title_pieces, room / 2);

  std::vector<Passage> passages;
  Passage open;
  const auto close = [&] {
    if (!open.text.empty()) passages.push_back(std::exchange(open, {}));
  };
  const auto add = [&](std::string_view sentence, int pieces) {
    if (open.pieces + pieces > budget) close();
    if (!open.text.empty()) open.text += ' ';
    open.text += sentence;
    open.pieces += pieces;
  };
  for (const ByteSpan& span : split_sentences(unescaped)) {
    const std::string sentence =
        join_lines(std::string_view(unescaped).substr(span.begin, span.size()));
    const std::vector<Token> tokens = tokenizer_->tokenize(sentence);
    if (tokens.empty()) continue;  // nothing that a model could read
    const int pieces = static_cast<int>(tokens.size());
    if (pieces <= budget || !options_.part_long_sentences) {
      add(sentence, pieces);
      continue;
    }
    for (const ByteSpan& part : part_sentence(sentence, tokens, static_cast<size_t>(budget))) {
      const std::string_view words = std::string_view(sentence).substr(part.begin, part.size());
      add(words, static_cast<int>(tokenizer_->token_ids(words).size()));
    }
  }
  close();
  return passages;
}

std::vector<Document> PassageChunker::chunk(const Document& article) const {
  std::vector<Document> documents;
  for (Passage& passage : chunk(article.title, article.text)) {
    Document document;
    document.title = article.title;
    document.text = std::move(passage.text);
    document.source = article.source;
    document.licence = article.licence;
    documents.push_back(std::move(document));
  }
  return documents;
}

}  // namespace realm
