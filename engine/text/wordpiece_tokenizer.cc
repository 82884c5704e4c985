#include "engine/text/wordpiece_tokenizer.h"

#include <utility>

#include "engine/base/check.h"
#include "engine/text/piece_trie.h"
#include "engine/text/word_scanner.h"

namespace realm {
namespace {

struct TokenSink {
  std::vector<Token> tokens;
  size_t size() const noexcept { return tokens.size(); }
  void cut(size_t size) { tokens.resize(size); }
  void add(int32_t id, size_t begin, size_t end, bool continues_word) {
    tokens.push_back({id, begin, end, continues_word});
  }
};

struct IdSink {
  std::vector<int32_t> ids;
  size_t size() const noexcept { return ids.size(); }
  void cut(size_t size) { ids.resize(size); }
  void add(int32_t id, size_t, size_t, bool) { ids.push_back(id); }
};

// Cuts words into pieces for a Sink, which takes (id, begin, end, continues_word), can tell its
// size and be cut back to a former one.
template <typename Sink>
class PieceReceiver {
 public:
  PieceReceiver(const Vocabulary& vocabulary, const PieceTrie& trie)
      : vocabulary_(vocabulary), trie_(trie) {}

  size_t size() const noexcept { return sink.size(); }
  void cut(size_t size) { sink.cut(size); }
  void special(std::string_view token, size_t begin, size_t end) {
    sink.add(vocabulary_.find(token).value(), begin, end, false);
  }
  void too_long(size_t begin, size_t end) {
    sink.add(vocabulary_.special().unknown, begin, end, false);
  }

  // Greedy longest match (REALM_SPEC 2.1, step 6).
  template <typename Range>
  void word(std::string_view normal, size_t begin, size_t end, Range range) {
    const size_t pieces_before = sink.size();
    for (size_t at = 0; at < normal.size();) {
      const PieceTrie::Match piece = trie_.longest(normal.substr(at), at > 0);
      if (piece.length == 0) {
        sink.cut(pieces_before);
        sink.add(vocabulary_.special().unknown, begin, end, false);
        return;
      }
      const auto [piece_begin, piece_end] = range(at, at + piece.length - 1);
      sink.add(piece.id, piece_begin, piece_end, at > 0);
      at += piece.length;
    }
  }

  Sink sink;

 private:
  const Vocabulary& vocabulary_;
  const PieceTrie& trie_;
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  size_t read = text.find(from);
  if (read == std::string::npos) return;
  std::string replaced;
  replaced.reserve(text.size());
  size_t copied = 0;
  for (; read != std::string::npos; read = text.find(from, copied)) {
    replaced.append(text, copied, read - copied).append(to);
    copied = read + from.size();
  }
  text = replaced.append(text, copied);
}

}  // namespace

WordPieceTokenizer::WordPieceTokenizer(std::shared_ptr<const Vocabulary> vocabulary,
                                       TokenizerOptions options)
    : vocabulary_(std::move(vocabulary)), options_(options) {
  REALM_CHECK(vocabulary_ != nullptr);
  trie_ = std::make_shared<const PieceTrie>(*vocabulary_);
}

std::vector<Token> WordPieceTokenizer::tokenize(std::string_view utf8) const {
  PieceReceiver<TokenSink> receiver(*vocabulary_, *trie_);
  receiver.sink.tokens.reserve(utf8.size() / 4);
  WordScanner(options_, utf8, receiver).scan();
  return std::move(receiver.sink.tokens);
}

std::vector<int32_t> WordPieceTokenizer::token_ids(std::string_view utf8) const {
  PieceReceiver<IdSink> receiver(*vocabulary_, *trie_);
  receiver.sink.ids.reserve(utf8.size() / 4);
  WordScanner(options_, utf8, receiver).scan();
  return std::move(receiver.sink.ids);
}

std::string WordPieceTokenizer::decode(std::span<const int32_t> ids, bool skip_special) const {
  std::string text;
  for (const int32_t id : ids) {
    if (skip_special && vocabulary_->is_special(id)) continue;
    const bool known = id >= 0 && id < vocabulary_->size();
    if (!text.empty()) text += ' ';
    text += known ? std::string_view(vocabulary_->piece(id)) : std::string_view("[UNK]");
  }
  // The order of the replacements is part of the format: each sees what the former left.
  constexpr std::pair<std::string_view, std::string_view> kCleanUp[] = {
      {" ##", ""},     {" .", "."},   {" ?", "?"},   {" !", "!"},     {" ,", ","},    {" ' ", "'"},
      {" n't", "n't"}, {" 'm", "'m"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};
  for (const auto& [from, to] : kCleanUp) replace_all(text, from, to);
  return text;
}

}  // namespace realm
