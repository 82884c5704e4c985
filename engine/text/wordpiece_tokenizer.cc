#include "engine/text/wordpiece_tokenizer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/utf8.h"
#include "engine/text/character_class.h"
#include "engine/text/piece_trie.h"

namespace realm {
namespace {

constexpr size_t kMaxWordCharacters = 100;
constexpr size_t kMaxWordCharactersOfGoogle = 200;
constexpr char32_t kCapitalSigma = 0x3A3;
constexpr char32_t kFinalSigma = 0x3C2;

struct SpecialPiece {
  std::string_view text;
  int32_t id;
};
using SpecialPieces = std::array<SpecialPiece, 5>;

// How the fast path sees a byte.
enum class ByteKind : uint8_t { kLetter, kSpace, kPunctuation, kOther };

struct AsciiTable {
  std::array<ByteKind, 256> kind{};
  std::array<char, 256> lower{};
};

constexpr AsciiTable make_ascii_table() {
  AsciiTable table;
  for (size_t i = 0; i < 256; ++i) {
    const bool upper = i >= 'A' && i <= 'Z';
    table.lower[i] = static_cast<char>(upper ? i + 32 : i);
    const bool punctuation = (i >= 33 && i <= 47) || (i >= 58 && i <= 64) || (i >= 91 && i <= 96) ||
                             (i >= 123 && i <= 126);
    const bool space = i == ' ' || i == '\t' || i == '\n' || i == '\r';
    table.kind[i] = space                  ? ByteKind::kSpace
                    : punctuation          ? ByteKind::kPunctuation
                    : (i < 32 || i >= 127) ? ByteKind::kOther
                                           : ByteKind::kLetter;
  }
  return table;
}

constexpr AsciiTable kAscii = make_ascii_table();

// A code point of a word under normalisation, with the bytes of the original text that it came
// from.
struct Point {
  char32_t value;
  size_t begin;
  size_t end;
};

// One call of tokenize. `Sink` takes (id, begin, end, continues_word), can tell its size and be cut
// back to a former one.
template <typename Sink>
class Run {
 public:
  Run(const Vocabulary& vocabulary, const PieceTrie& trie, const TokenizerOptions& options,
      std::string_view text, Sink& sink)
      : trie_(trie),
        options_(options),
        text_(text),
        sink_(sink),
        google_(options.special_tokens == SpecialTokenRule::kSplit),
        max_characters_(google_ ? kMaxWordCharactersOfGoogle : kMaxWordCharacters),
        unknown_(vocabulary.special().unknown),
        special_{{{"[MASK]", vocabulary.special().mask},
                  {"[SEP]", vocabulary.special().sep},
                  {"[CLS]", vocabulary.special().cls},
                  {"[UNK]", vocabulary.special().unknown},
                  {"[PAD]", vocabulary.special().pad}}} {}

  void tokenize() {
    size_t begin = 0;
    if (options_.special_tokens == SpecialTokenRule::kKeepEverywhere) {
      for (size_t at = text_.find('['); at != std::string_view::npos;) {
        const SpecialPiece* piece = special_at(at);
        if (piece == nullptr) {
          at = text_.find('[', at + 1);
          continue;
        }
        tokenize_words(begin, at);
        begin = at + piece->text.size();
        sink_.add(piece->id, at, begin, false);
        at = text_.find('[', begin);
      }
    }
    tokenize_words(begin, text_.size());
  }

 private:
  const SpecialPiece* special_at(size_t at) const noexcept {
    for (const SpecialPiece& piece : special_) {
      if (text_.compare(at, piece.text.size(), piece.text) == 0) return &piece;
    }
    return nullptr;
  }

  void tokenize_words(size_t begin, size_t end) {
    for (size_t at = begin; at < end;) {
      at = kind(at) == ByteKind::kSpace ? at + 1 : tokenize_word(at, end);
    }
  }

  ByteKind kind(size_t at) const noexcept {
    return kAscii.kind[static_cast<unsigned char>(text_[at])];
  }

  // The word at `begin` as long as it is plain ASCII, whose bytes are their own normal form but for
  // the case; the moment it is not, the whole word starts again on the slow path. Returns where the
  // word ends.
  size_t tokenize_word(size_t begin, size_t end) {
    if (text_[begin] == '[' && !google_)
      return tokenize_any_word(begin, end);  // it may spell a special token
    const size_t pieces_before = sink_.size();
    size_t at = begin;
    while (at < end) {
      const size_t chunk = at;
      size_t length = 0;
      for (; at < end && kind(at) == ByteKind::kLetter; ++at) {
        if (length < buffer_.size()) {
          buffer_[length++] =
              options_.lower_case ? kAscii.lower[static_cast<unsigned char>(text_[at])] : text_[at];
        }
      }
      const ByteKind stop = at < end ? kind(at) : ByteKind::kSpace;
      if (stop == ByteKind::kOther) {
        sink_.cut(pieces_before);
        return tokenize_any_word(begin, end);
      }
      if (length > max_characters_) {
        sink_.add(unknown_, chunk, at, false);
      } else if (length > 0) {
        match(length, chunk, at, [chunk](size_t first, size_t last) {
          return std::pair(chunk + first, chunk + last + 1);
        });
      }
      if (stop == ByteKind::kSpace) break;
      buffer_[0] = text_[at];
      match(1, at, at + 1, [at](size_t, size_t) { return std::pair(at, at + 1); });
      ++at;
    }
    return at;
  }

  // The word at `begin` whatever it holds; step numbers as in REALM_SPEC 2.1. Returns where the
  // word ends.
  size_t tokenize_any_word(size_t begin, size_t end) {
    const size_t stop = gather(begin, end);  // 1 to 3
    if (points_.empty()) return stop;
    if (const SpecialPiece* piece = spelled_special(); piece != nullptr) {
      sink_.add(piece->id, points_.front().begin, points_.back().end, false);
      return stop;
    }
    if (options_.lower_case) normalise();      // 4
    for (size_t i = 0; i < points_.size();) {  // 5
      size_t last = i + 1;
      if (!is_punctuation(points_[i].value)) {
        while (last < points_.size() && !is_punctuation(points_[last].value)) ++last;
      }
      tokenize_chunk(std::span(points_).subspan(i, last - i));  // 6
      i = last;
    }
    return stop;
  }

  static bool is_punctuation(char32_t value) noexcept {
    return (character_class(value) & kPunctuation) != 0;
  }

  // Fills points_ with one word of cleaned code points: up to a space, or one ideograph alone. Both
  // borders count inside text_[begin, end), since a special token may stand right behind it.
  size_t gather(size_t begin, size_t end) {
    points_.clear();
    const std::string_view text = text_.substr(0, end);
    for (size_t at = begin; at < end;) {
      const DecodedCodePoint point = decode_utf8(text, at);
      const uint8_t bits = character_class(point.value);
      if ((bits & (google_ ? kDroppedByGoogle : kDropped)) == 0) {
        if ((bits & kSpace) != 0) return at + point.length;
        if ((bits & kIdeograph) != 0) {
          if (!points_.empty()) return at;
          points_.push_back({point.value, at, at + point.length});
          return at + point.length;
        }
        points_.push_back({point.value, at, at + point.length});
      }
      at += point.length;
    }
    return end;
  }

  // The special token that the cleaned word is. Lower-casing spares only what stood unbroken in the
  // original text.
  const SpecialPiece* spelled_special() const noexcept {
    if (google_ || points_.front().value != '[') return nullptr;
    for (const SpecialPiece& piece : special_) {
      const bool same =
          std::equal(points_.begin(), points_.end(), piece.text.begin(), piece.text.end(),
                     [](const Point& p, char c) { return p.value == static_cast<char32_t>(c); });
      if (!same) continue;
      const bool unbroken = points_.back().end - points_.front().begin == piece.text.size();
      return unbroken || !options_.lower_case ? &piece : nullptr;
    }
    return nullptr;
  }

  // Lower case, then NFD (with canonical reordering), then without category Mn.
  void normalise() {
    normal_.clear();
    std::array<char32_t, 4> space{};
    bool combining = false;
    for (size_t i = 0; i < points_.size(); ++i) {
      const Point& point = points_[i];
      const bool final_sigma = google_ && point.value == kCapitalSigma && ends_word(i);
      const char32_t lower = final_sigma ? kFinalSigma : lower_case(point.value);
      for (const char32_t part : decompose(lower, space)) {
        combining = combining || (character_class(part) & kCombining) != 0;
        normal_.push_back({part, point.begin, point.end});
      }
    }
    if (combining) reorder_marks();
    points_.clear();
    for (const Point& point : normal_) {
      if ((character_class(point.value) & kNonspacing) == 0) points_.push_back(point);
    }
  }

  // Sorts every run of marks by combining class, keeping the order of equals (Unicode's canonical
  // ordering). Marks that changed places stand for the bytes of their whole run, so that offsets
  // never go backwards.
  void reorder_marks() {
    const auto is_mark = [](const Point& p) { return combining_class(p.value) != 0; };
    const auto lower_class = [](const Point& a, const Point& b) {
      return combining_class(a.value) < combining_class(b.value);
    };
    for (auto run = normal_.begin(); run != normal_.end();) {
      run = std::find_if(run, normal_.end(), is_mark);
      const auto run_end = std::find_if_not(run, normal_.end(), is_mark);
      if (!std::is_sorted(run, run_end, lower_class)) {
        const size_t begin = run->begin;
        const size_t end = std::prev(run_end)->end;
        std::stable_sort(run, run_end, lower_class);
        for (auto point = run; point != run_end; ++point) *point = {point->value, begin, end};
      }
      run = run_end;
    }
  }

  // Unicode's Final_Sigma: a cased letter before and none after, looking past case-ignorable code
  // points.
  bool ends_word(size_t at) const noexcept {
    size_t before = at;
    while (before > 0 && is_case_ignorable(points_[before - 1].value)) --before;
    if (before == 0 || !is_cased(points_[before - 1].value)) return false;
    size_t after = at + 1;
    while (after < points_.size() && is_case_ignorable(points_[after].value)) ++after;
    return after == points_.size() || !is_cased(points_[after].value);
  }

  void tokenize_chunk(std::span<const Point> chunk) {
    const size_t begin = chunk.front().begin;
    const size_t end = chunk.back().end;
    if (chunk.size() > max_characters_) {
      sink_.add(unknown_, begin, end, false);
      return;
    }
    encoded_.clear();
    for (const Point& point : chunk) append_utf8(encoded_, point.value);
    std::copy(encoded_.begin(), encoded_.end(), buffer_.begin());
    size_t byte = 0;
    for (size_t i = 0; i < chunk.size(); ++i) {
      do {
        point_of_byte_[byte++] = static_cast<uint16_t>(i);
      } while (byte < encoded_.size() && !is_code_point_border(encoded_, byte));
    }
    match(encoded_.size(), begin, end, [&](size_t first, size_t last) {
      return std::pair(chunk[point_of_byte_[first]].begin, chunk[point_of_byte_[last]].end);
    });
  }

  // Greedy longest match over buffer_[0, length), which the bytes [begin, end) of the text became.
  // `range` gives the bytes of the text behind the bytes first to last (inclusive) of the buffer.
  template <typename Range>
  void match(size_t length, size_t begin, size_t end, Range range) {
    const size_t pieces_before = sink_.size();
    const std::string_view word(buffer_.data(), length);
    for (size_t at = 0; at < length;) {
      const PieceTrie::Match piece = trie_.longest(word.substr(at), at > 0);
      if (piece.length == 0) {
        sink_.cut(pieces_before);
        sink_.add(unknown_, begin, end, false);
        return;
      }
      const auto [piece_begin, piece_end] = range(at, at + piece.length - 1);
      sink_.add(piece.id, piece_begin, piece_end, at > 0);
      at += piece.length;
    }
  }

  const PieceTrie& trie_;
  const TokenizerOptions options_;
  const std::string_view text_;
  Sink& sink_;
  const bool google_;
  const size_t max_characters_;
  const int32_t unknown_;
  const SpecialPieces special_;
  // The normal form of the chunk at hand; a code point has at most four bytes.
  std::array<char, 4 * kMaxWordCharactersOfGoogle> buffer_;
  std::array<uint16_t, 4 * kMaxWordCharactersOfGoogle> point_of_byte_;
  std::string encoded_;
  std::vector<Point> points_;
  std::vector<Point> normal_;
};

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
  TokenSink sink;
  sink.tokens.reserve(utf8.size() / 4);
  Run<TokenSink>(*vocabulary_, *trie_, options_, utf8, sink).tokenize();
  return std::move(sink.tokens);
}

std::vector<int32_t> WordPieceTokenizer::token_ids(std::string_view utf8) const {
  IdSink sink;
  sink.ids.reserve(utf8.size() / 4);
  Run<IdSink>(*vocabulary_, *trie_, options_, utf8, sink).tokenize();
  return std::move(sink.ids);
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
