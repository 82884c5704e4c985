#include "storage/packages/dictd_file.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "engine/base/utf8.h"
#include "storage/paths.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostText = size_t{1} << 30;
constexpr size_t kMostDigits = 10;  // 60 bits

std::string read_whole(const fs::path& file) {
  if (!is_file(file)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The dictionary file '{}' is not there.", file.string()));
  }
  std::ifstream stream(file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream || stream.bad()) {
    throw Error(ErrorCode::kIo,
                fmt::format("The dictionary file '{}' cannot be read.", file.string()));
  }
  return content;
}

class Inflater {
 public:
  Inflater() {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    REALM_CHECK(inflateInit2(&stream, kGzipOnly) == Z_OK);
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream stream{};
};

std::string inflate_gzip(const std::string& packed, const fs::path& file) {
  Inflater inflater;
  z_stream& stream = inflater.stream;
  // zlib does not write through this pointer.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string text;
  std::string part(1 << 20, '\0');
  for (int state = Z_OK; state != Z_STREAM_END;) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    state = inflate(&stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END) {
      throw Error(
          ErrorCode::kCorruptData,
          state == Z_BUF_ERROR
              ? fmt::format("'{}' is cut off: its gzip data end after {} bytes of text.",
                            file.string(), text.size())
              : fmt::format("'{}' is no sound gzip file: {} after {} bytes of text.", file.string(),
                            stream.msg != nullptr ? stream.msg : "it cannot be inflated",
                            text.size()));
    }
    text.append(part, 0, part.size() - stream.avail_out);
    if (text.size() > kMostText) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("'{}' holds more than 1 GiB of text, which is no dictionary.",
                              file.string()));
    }
  }
  return text;
}

std::optional<uint64_t> parse_base64_number(std::string_view digits) {
  if (digits.empty() || digits.size() > kMostDigits) return std::nullopt;
  uint64_t value = 0;
  for (const char c : digits) {
    int digit = 0;
    if (c >= 'A' && c <= 'Z') {
      digit = c - 'A';
    } else if (c >= 'a' && c <= 'z') {
      digit = c - 'a' + 26;
    } else if (c >= '0' && c <= '9') {
      digit = c - '0' + 52;
    } else if (c == '+') {
      digit = 62;
    } else if (c == '/') {
      digit = 63;
    } else {
      return std::nullopt;
    }
    value = value * 64 + static_cast<uint64_t>(digit);
  }
  return value;
}

// What Windows-1252 has between 0x80 and 0x9F; 0: nothing.
constexpr std::array<char32_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

char32_t from_windows_1252(unsigned char byte) {
  if (byte >= 0xA0) return byte;
  const char32_t value = kWindows1252[byte & 0x1FU];
  return value == 0 ? kReplacementCharacter : value;
}

std::string mend_utf8(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint point = decode_utf8(text, at);
    append_utf8(
        out, point.valid ? point.value : from_windows_1252(static_cast<unsigned char>(text[at])));
    at += point.length;
  }
  return out;
}

}  // namespace

DictdFile DictdFile::open(const fs::path& index, const fs::path& data) {
  DictdFile dictionary;
  dictionary.text_ = read_whole(data);
  if (data.extension() == ".dz" || data.extension() == ".gz")
    dictionary.text_ = inflate_gzip(dictionary.text_, data);
  const std::string lines = read_whole(index);
  const size_t text_size = dictionary.text_.size();
  int64_t number = 0;
  for (size_t at = 0; at < lines.size();) {
    const size_t end = std::min(lines.find('\n', at), lines.size());
    const std::string_view line(lines.data() + at, end - at);
    at = end + 1;
    ++number;
    if (line.empty()) continue;
    const size_t first = line.find('\t');
    const size_t second = first == std::string_view::npos ? first : line.find('\t', first + 1);
    if (second == std::string_view::npos) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("'{}', line {}: expected a word, an offset and a length between "
                              "tabs.",
                              index.string(), number));
    }
    const std::string_view offset_digits = line.substr(first + 1, second - first - 1);
    const std::string_view rest = line.substr(second + 1);
    const std::string_view length_digits = rest.substr(0, rest.find('\t'));
    const std::optional<uint64_t> offset = parse_base64_number(offset_digits);
    const std::optional<uint64_t> length = parse_base64_number(length_digits);
    if (!offset || !length) {
      throw Error(
          ErrorCode::kCorruptData,
          fmt::format("'{}', line {}: '{}' is no number in dictd's base 64.", index.string(),
                      number, mend_utf8(offset ? length_digits : offset_digits)));
    }
    if (*offset > text_size || *length > text_size - *offset) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("'{}', line {}: points at bytes {} to {} of '{}', which holds {}.",
                              index.string(), number, *offset, *offset + *length, data.string(),
                              text_size));
    }
    if (!line.starts_with("00-") && *length > 0) dictionary.articles_.push_back({*offset, *length});
  }
  // The longest of those that begin at one place, once.
  std::vector<Span>& articles = dictionary.articles_;
  std::sort(articles.begin(), articles.end(), [](const Span& a, const Span& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.length > b.length;
  });
  articles.erase(std::unique(articles.begin(), articles.end(),
                             [](const Span& a, const Span& b) { return a.begin == b.begin; }),
                 articles.end());
  // What is mended goes to the end, so that the places of the others stay true.
  for (Span& article : articles) {
    const std::string_view bytes(dictionary.text_.data() + article.begin, article.length);
    if (!find_invalid_utf8(bytes)) continue;
    const std::string mended = mend_utf8(bytes);
    article = {dictionary.text_.size(), mended.size()};
    dictionary.text_ += mended;
  }
  return dictionary;
}

std::string_view DictdFile::article(int64_t article) const {
  REALM_CHECK(article >= 0 && article < size());
  const Span& span = articles_[static_cast<size_t>(article)];
  return std::string_view(text_).substr(span.begin, span.length);
}

}  // namespace realm
