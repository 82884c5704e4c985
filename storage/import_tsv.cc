// The rows of a table with tabs between its columns.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/utf8.h"
#include "storage/import_rows.h"

namespace realm {
namespace {

// A field in quotes may go on over line ends, but a stray quote must not swallow the file: so far
// and no further.
constexpr int kMostLinesInRecord = 1000;
constexpr size_t kMostBytesInRecord = 1 << 20;
constexpr size_t kLongestName = 32;

enum class Column { kId, kTitle, kText, kSource, kLicence, kOther };

Column column_named(const std::string& name) {
  if (name == "id") return Column::kId;
  if (name == "title") return Column::kTitle;
  if (name == "text") return Column::kText;
  if (name == "source") return Column::kSource;
  if (name == "licence" || name == "license") return Column::kLicence;
  return Column::kOther;
}

std::string lower_trimmed(const std::string& field) {
  const size_t first = field.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  std::string name = field.substr(first, field.find_last_not_of(' ') - first + 1);
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

// The field in quotes that begins at text[at], and where it ends. nullopt: the quotes are part of a
// plain field. `open` is set when the text ends before the quotes do.
struct Quoted {
  std::string value;
  size_t end = 0;
};
std::optional<Quoted> read_quoted(std::string_view text, size_t at, bool& open) {
  Quoted quoted;
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] != '"') {
      quoted.value += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '"') {
      quoted.value += '"';
      ++i;
    } else if (i + 1 == text.size() || text[i + 1] == '\t') {
      quoted.end = i + 1;
      return quoted;
    } else {
      return std::nullopt;
    }
  }
  open = true;
  return std::nullopt;
}

// The fields of a record. `open_at`: where a field begins whose quotes do not end, which then
// counts as plain; or npos.
std::vector<std::string> split_fields(std::string_view text, size_t& open_at) {
  std::vector<std::string> fields;
  open_at = std::string_view::npos;
  size_t at = 0;
  while (true) {
    std::optional<Quoted> quoted;
    if (at < text.size() && text[at] == '"') {
      bool open = false;
      quoted = read_quoted(text, at, open);
      if (open && open_at == std::string_view::npos) open_at = at;
    }
    size_t end = 0;
    if (quoted) {
      fields.push_back(std::move(quoted->value));
      end = quoted->end;
    } else {
      end = std::min(text.find('\t', at), text.size());
      fields.emplace_back(text.substr(at, end - at));
    }
    if (end >= text.size()) return fields;
    at = end + 1;
  }
}

// The record that `line` begins, when its open quotes end properly on a later line: its fields and
// the record's last line. Else nullopt, and the reader stands where it stood.
struct LongRecord {
  std::vector<std::string> fields;
  Line last;
};
std::optional<LongRecord> read_on(LineReader& lines, const Line& line, size_t open_at) {
  std::string text = line.text;
  std::vector<Line> taken;
  Line more;
  while (taken.size() < kMostLinesInRecord && text.size() < kMostBytesInRecord &&
         lines.next(more)) {
    taken.push_back(more);
    if (more.too_long || find_invalid_utf8(more.text)) break;
    text.append("\n").append(more.text);
    if (more.text.find('"') == std::string::npos) continue;
    bool open = false;
    const bool ended = read_quoted(text, open_at, open).has_value();
    if (!ended && !open) break;  // a quote inside: the opening one was part of the text
    if (!ended) continue;
    std::vector<std::string> fields = split_fields(text, open_at);
    if (open_at == std::string_view::npos) return LongRecord{std::move(fields), std::move(more)};
  }
  while (!taken.empty()) {
    lines.put_back(std::move(taken.back()));
    taken.pop_back();
  }
  return std::nullopt;
}

// Reads one record, over several lines where quotes say so. False: the end. A row with a fault has
// no fields.
bool read_record(LineReader& lines, ImportRow& row, std::vector<std::string>& fields) {
  fields.clear();
  Line line;
  do {
    if (!lines.next(line)) return false;
  } while (!line.too_long && is_blank(line.text));
  begin_row(line, row);
  if (has_line_fault(line, row)) return true;
  size_t open_at = 0;
  fields = split_fields(line.text, open_at);
  if (open_at == std::string_view::npos) return true;
  if (std::optional<LongRecord> record = read_on(lines, line, open_at)) {
    fields = std::move(record->fields);
    row.end_offset = record->last.end_offset;
    row.end_line = record->last.number + 1;
  }
  return true;
}

class TsvReader final : public RowReader {
 public:
  TsvReader(const std::filesystem::path& file, int64_t offset, int64_t line)
      : lines_(file, offset, line) {
    LineReader head(file);
    ImportRow first;
    std::vector<std::string> fields;
    if (!read_record(head, first, fields)) return;
    std::vector<std::string> names;
    for (const std::string& field : fields) names.push_back(lower_trimmed(field));
    const bool is_header = std::find(names.begin(), names.end(), "text") != names.end() &&
                           std::all_of(names.begin(), names.end(), [](const std::string& name) {
                             return name.size() <= kLongestName;
                           });
    if (is_header) {
      names_ = names;
      for (const std::string& name : names) columns_.push_back(column_named(name));
      if (offset < first.end_offset) lines_ = LineReader(file, first.end_offset, first.end_line);
      return;
    }
    switch (fields.size()) {
      case 0:
      case 1:
        columns_ = {Column::kText};
        break;
      case 2:
        columns_ = {Column::kTitle, Column::kText};
        break;
      case 3:
        columns_ = {Column::kId, Column::kTitle, Column::kText};
        break;
      default:
        throw Error(ErrorCode::kUnsupported,
                    fmt::format("'{}' has {} columns and no header line; expected text, or title "
                                "and text, or id, title and "
                                "text, or a header that names them.",
                                file.string(), fields.size()));
    }
  }

  bool next(ImportRow& row) override {
    std::vector<std::string> fields;
    if (!read_record(lines_, row, fields)) return false;
    if (row.fault != RowFault::kNone) return true;
    if (fields.size() != columns_.size()) {
      row.fault = RowFault::kMalformed;
      row.reason = fmt::format("{} columns, expected {}", fields.size(), columns_.size());
      return true;
    }
    for (size_t i = 0; i < fields.size(); ++i) assign(i, std::move(fields[i]), row.document);
    return true;
  }

 private:
  void assign(size_t index, std::string field, Document& document) {
    switch (columns_[index]) {
      case Column::kTitle:
        document.title = std::move(field);
        break;
      case Column::kText:
        document.text = std::move(field);
        break;
      case Column::kSource:
        document.source = std::move(field);
        break;
      case Column::kLicence:
        document.licence = std::move(field);
        break;
      case Column::kId:
        break;  // the corpus gives its own
      case Column::kOther:
        ignore(names_[index]);
        break;
    }
  }

  LineReader lines_;
  std::vector<Column> columns_;
  std::vector<std::string> names_;  // of a header
};

}  // namespace

std::unique_ptr<RowReader> make_tsv_reader(const std::filesystem::path& file, int64_t offset,
                                           int64_t line) {
  return std::make_unique<TsvReader>(file, offset, line);
}

}  // namespace realm
