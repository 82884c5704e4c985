// Articles as WikiExtractor writes them: a line <doc id="..." url="..." title="...">, the title
// again, the text, a line </doc>.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "engine/base/utf8.h"
#include "storage/import_rows.h"

namespace realm {
namespace {

constexpr std::string_view kBegin = "<doc ", kEnd = "</doc>";
constexpr size_t kMostBytesInArticle = LineReader::kLongestLine;

// The characters that WikiExtractor writes as HTML does.
std::string unescaped(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 6> kNames = {{{"&lt;", '<'},
                                                                               {"&gt;", '>'},
                                                                               {"&quot;", '"'},
                                                                               {"&#39;", '\''},
                                                                               {"&#x27;", '\''},
                                                                               {"&amp;", '&'}}};
  std::string out;
  for (size_t at = 0; at < text.size();) {
    size_t length = 1;
    char character = text[at];
    if (character == '&') {
      for (const auto& [name, meant] : kNames) {
        if (!text.substr(at).starts_with(name)) continue;
        length = name.size();
        character = meant;
        break;
      }
    }
    out += character;
    at += length;
  }
  return out;
}

std::string attribute(std::string_view line, std::string_view name) {
  const std::string before = fmt::format(" {}=\"", name);
  const size_t begin = line.find(before);
  if (begin == std::string_view::npos) return {};
  const size_t from = begin + before.size();
  // A title may hold quotes as they are; the attribute ends at the last one of the line, or before
  // the next attribute.
  size_t end = line.find("\" ", from);
  if (end == std::string_view::npos) end = line.rfind('"');
  if (end == std::string_view::npos || end < from) return {};
  return unescaped(line.substr(from, end - from));
}

class WikiReader final : public RowReader {
 public:
  WikiReader(const std::filesystem::path& file, int64_t offset, int64_t line)
      : lines_(file, offset, line) {}

  bool next(ImportRow& row) override {
    Line line;
    do {
      if (!lines_.next(line)) return false;
    } while (!line.too_long && is_blank(line.text));
    begin_row(line, row);
    if (has_line_fault(line, row)) return true;
    if (!line.text.starts_with(kBegin)) {
      row.fault = RowFault::kMalformed;
      row.reason = "expected a line <doc ...>";
      return true;
    }
    row.document.title = attribute(line.text, "title");
    read_article(row);
    return true;
  }

 private:
  void read_article(ImportRow& row) {
    std::string text;
    bool first = true;
    Line line;
    while (lines_.next(line)) {
      if (line.text.starts_with(kBegin)) {
        lines_.put_back(std::move(line));
        break;
      }
      row.end_offset = line.end_offset;
      row.end_line = line.number + 1;
      if (line.text.starts_with(kEnd)) {
        row.document.text = std::move(text);
        return;
      }
      if (row.fault != RowFault::kNone) continue;  // to the article's end
      if (has_line_fault(line, row)) continue;
      if (text.size() + line.text.size() > kMostBytesInArticle) {
        row.fault = RowFault::kTooLong;
        row.reason = "an article over 16 MiB";
        continue;
      }
      if (is_blank(line.text)) continue;
      std::string plain = unescaped(line.text);
      // The title stands once more above the text.
      if (!std::exchange(first, false) || plain != row.document.title)
        text.append(text.empty() ? "" : "\n").append(plain);
    }
    if (row.fault != RowFault::kNone) return;
    row.fault = RowFault::kMalformed;
    row.reason = "an article without its line </doc>";
  }

  LineReader lines_;
};

}  // namespace

std::unique_ptr<RowReader> make_wiki_reader(const std::filesystem::path& file, int64_t offset,
                                            int64_t line) {
  return std::make_unique<WikiReader>(file, offset, line);
}

bool begins_like_wiki(std::string_view head) {
  const size_t first = head.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && head.substr(first).starts_with(kBegin);
}

}  // namespace realm
