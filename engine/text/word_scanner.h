// WordScanner: from a text to its normalised words, steps 1 to 5 of BERT's tokenizer
// (REALM_SPEC 2.1). What is done with a word is the Receiver's business: the tokenizer cuts it into
// pieces, the vocabulary trainer counts it. Internal to engine/text. One scanner is for one text
// and one thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/utf8.h"
#include "engine/text/character_class.h"
#include "engine/text/wordpiece_tokenizer.h"

namespace realm {

inline constexpr std::array<std::string_view, 5> kSpecialTokens = {"[MASK]", "[SEP]", "[CLS]",
                                                                   "[UNK]", "[PAD]"};

inline constexpr size_t kMaxWordCharacters = 100;
inline constexpr size_t kMaxWordCharactersOfGoogle = 200;
inline constexpr char32_t kCapitalSigma = 0x3A3;
inline constexpr char32_t kFinalSigma = 0x3C2;

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

inline constexpr AsciiTable kAscii = make_ascii_table();

// A code point of a word under normalisation, with the bytes of the original text that it came
// from.
struct Point {
  char32_t value;
  size_t begin;
  size_t end;
};

// A Receiver has, with begin and end as bytes of the text,
//   size_t size() const, void cut(size_t size)
//     to be put back to a former state: a word is scanned anew when it is not plain ASCII
//   void special(std::string_view token, size_t begin, size_t end)
//   void too_long(size_t begin, size_t end)
//     a word of more characters than the tokenizer takes
//   void word(std::string_view normal, size_t begin, size_t end, Range range)
//     a word or one punctuation character in normal form; range(first, last) gives the bytes of the
//     text behind its bytes first to last (inclusive)
template <typename Receiver>
class WordScanner {
 public:
  WordScanner(const TokenizerOptions& options, std::string_view text, Receiver& receiver)
      : options_(options),
        text_(text),
        receiver_(receiver),
        google_(options.special_tokens == SpecialTokenRule::kSplit),
        max_characters_(google_ ? kMaxWordCharactersOfGoogle : kMaxWordCharacters) {}

  void scan() {
    size_t begin = 0;
    if (options_.special_tokens == SpecialTokenRule::kKeepEverywhere) {
      for (size_t at = text_.find('['); at != std::string_view::npos;) {
        const std::string_view* token = special_at(at);
        if (token == nullptr) {
          at = text_.find('[', at + 1);
          continue;
        }
        scan_words(begin, at);
        begin = at + token->size();
        receiver_.special(*token, at, begin);
        at = text_.find('[', begin);
      }
    }
    scan_words(begin, text_.size());
  }

 private:
  const std::string_view* special_at(size_t at) const noexcept {
    for (const std::string_view& token : kSpecialTokens) {
      if (text_.compare(at, token.size(), token) == 0) return &token;
    }
    return nullptr;
  }

  void scan_words(size_t begin, size_t end) {
    for (size_t at = begin; at < end;) {
      at = kind(at) == ByteKind::kSpace ? at + 1 : scan_ascii_word(at, end);
    }
  }

  ByteKind kind(size_t at) const noexcept {
    return kAscii.kind[static_cast<unsigned char>(text_[at])];
  }

  // The word at `begin` as long as it is plain ASCII, whose bytes are their own normal form but for
  // the case; the moment it is not, the whole word starts again on the slow path. Returns where the
  // word ends.
  size_t scan_ascii_word(size_t begin, size_t end) {
    if (text_[begin] == '[' && !google_)
      return scan_any_word(begin, end);  // it may spell a special token
    const size_t pieces_before = receiver_.size();
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
        receiver_.cut(pieces_before);
        return scan_any_word(begin, end);
      }
      if (length > max_characters_) {
        receiver_.too_long(chunk, at);
      } else if (length > 0) {
        receiver_.word({buffer_.data(), length}, chunk, at, [chunk](size_t first, size_t last) {
          return std::pair(chunk + first, chunk + last + 1);
        });
      }
      if (stop == ByteKind::kSpace) break;
      buffer_[0] = text_[at];
      receiver_.word({buffer_.data(), 1}, at, at + 1,
                     [at](size_t, size_t) { return std::pair(at, at + 1); });
      ++at;
    }
    return at;
  }

  // The word at `begin` whatever it holds; step numbers as in REALM_SPEC 2.1. Returns where the
  // word ends.
  size_t scan_any_word(size_t begin, size_t end) {
    const size_t stop = gather(begin, end);  // 1 to 3
    if (points_.empty()) return stop;
    if (const std::string_view* token = spelled_special(); token != nullptr) {
      receiver_.special(*token, points_.front().begin, points_.back().end);
      return stop;
    }
    if (options_.lower_case) normalise();      // 4
    for (size_t i = 0; i < points_.size();) {  // 5
      size_t last = i + 1;
      if (!is_punctuation(points_[i].value)) {
        while (last < points_.size() && !is_punctuation(points_[last].value)) ++last;
      }
      scan_chunk(std::span(points_).subspan(i, last - i));  // 6
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
  const std::string_view* spelled_special() const noexcept {
    if (google_ || points_.front().value != '[') return nullptr;
    for (const std::string_view& token : kSpecialTokens) {
      const bool same =
          std::equal(points_.begin(), points_.end(), token.begin(), token.end(),
                     [](const Point& p, char c) { return p.value == static_cast<char32_t>(c); });
      if (!same) continue;
      const bool unbroken = points_.back().end - points_.front().begin == token.size();
      return unbroken || !options_.lower_case ? &token : nullptr;
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

  void scan_chunk(std::span<const Point> chunk) {
    const size_t begin = chunk.front().begin;
    const size_t end = chunk.back().end;
    if (chunk.size() > max_characters_) {
      receiver_.too_long(begin, end);
      return;
    }
    encoded_.clear();
    for (const Point& point : chunk) append_utf8(encoded_, point.value);
    size_t byte = 0;
    for (size_t i = 0; i < chunk.size(); ++i) {
      do {
        point_of_byte_[byte++] = static_cast<uint16_t>(i);
      } while (byte < encoded_.size() && !is_code_point_border(encoded_, byte));
    }
    receiver_.word(encoded_, begin, end, [&](size_t first, size_t last) {
      return std::pair(chunk[point_of_byte_[first]].begin, chunk[point_of_byte_[last]].end);
    });
  }

  const TokenizerOptions options_;
  const std::string_view text_;
  Receiver& receiver_;
  const bool google_;
  const size_t max_characters_;
  // The normal form of the chunk at hand; a code point has at most four bytes.
  std::array<char, 4 * kMaxWordCharactersOfGoogle> buffer_;
  std::array<uint16_t, 4 * kMaxWordCharactersOfGoogle> point_of_byte_;
  std::string encoded_;
  std::vector<Point> points_;
  std::vector<Point> normal_;
};

}  // namespace realm
