#include "storage/import_rows.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "engine/base/utf8.h"
#include "storage/line_reader.h"

namespace realm {
namespace {

void set_fault(ImportRow& row, RowFault fault, std::string reason) {
  row.fault = fault;
  row.reason = std::move(reason);
}

class JsonLinesReader final : public RowReader {
 public:
  JsonLinesReader(const std::filesystem::path& file, int64_t offset, int64_t line)
      : lines_(file, offset, line) {}

  bool next(ImportRow& row) override {
    Line line;
    do {
      if (!lines_.next(line)) return false;
    } while (!line.too_long && is_blank(line.text));
    begin_row(line, row);
    if (!has_line_fault(line, row)) read_object(line.text, row);
    return true;
  }

 private:
  void read_object(const std::string& text, ImportRow& row) {
    const nlohmann::json object = nlohmann::json::parse(text, nullptr, false);
    if (object.is_discarded()) return set_fault(row, RowFault::kMalformed, "not valid JSON");
    if (!object.is_object()) {
      return set_fault(row, RowFault::kMalformed,
                       fmt::format("{} where an object was expected", object.type_name()));
    }
    for (const auto& [key, value] : object.items()) {
      std::string* target = key == "title"     ? &row.document.title
                            : key == "text"    ? &row.document.text
                            : key == "source"  ? &row.document.source
                            : key == "licence" ? &row.document.licence
                                               : nullptr;
      if (target == nullptr) {
        ignore(key);
      } else if (value.is_string()) {
        *target = value.get<std::string>();
      } else if (!value.is_null()) {
        return set_fault(row, RowFault::kMalformed,
                         fmt::format("\"{}\" is a {}, expected a string", key, value.type_name()));
      }
    }
    if (!object.contains("text")) set_fault(row, RowFault::kMalformed, "no \"text\"");
  }

  LineReader lines_;
};

class ParagraphReader final : public RowReader {
 public:
  ParagraphReader(const std::filesystem::path& file, int64_t offset, int64_t line)
      : lines_(file, offset, line), title_(file.stem().string()) {}

  bool next(ImportRow& row) override {
    Line line;
    do {
      if (!lines_.next(line)) return false;
    } while (!line.too_long && is_blank(line.text));
    begin_row(line, row);
    std::string text;
    do {
      row.end_offset = line.end_offset;
      row.end_line = line.number + 1;
      if (!line.too_long && is_blank(line.text)) break;
      if (row.fault == RowFault::kNone && !has_line_fault(line, row)) {
        if (!text.empty()) text += ' ';  // the line ends inside a paragraph are those of its layout
        text += line.text;
        if (text.size() > LineReader::kLongestLine) {
          row.fault = RowFault::kTooLong;
          row.reason = fmt::format("longer than {} MiB", LineReader::kLongestLine >> 20);
        }
      }
    } while (lines_.next(line));
    row.document.title = title_;
    row.document.text = std::move(text);
    return true;
  }

 private:
  LineReader lines_;
  std::string title_;
};

}  // namespace

bool has_line_fault(const Line& line, ImportRow& row) {
  if (line.too_long) {
    row.fault = RowFault::kTooLong;
    row.reason = fmt::format("longer than {} MiB", LineReader::kLongestLine >> 20);
    row.line = line.number;
    return true;
  }
  if (const std::optional<size_t> bad = find_invalid_utf8(line.text)) {
    row.fault = RowFault::kInvalidUtf8;
    row.reason = fmt::format("invalid UTF-8 at byte {} of the line", *bad + 1);
    row.line = line.number;
    return true;
  }
  return false;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\f\v") == std::string_view::npos;
}

void begin_row(const Line& line, ImportRow& row) {
  row = {};
  row.line = line.number;
  row.end_offset = line.end_offset;
  row.end_line = line.number + 1;
}

void RowReader::ignore(const std::string& name) {
  constexpr size_t kMostNames = 64;
  if (ignored.contains(name) || ignored.size() < kMostNames) ++ignored[name];
}

std::unique_ptr<RowReader> make_row_reader(const std::filesystem::path& file, ImportFormat format,
                                           int64_t offset, int64_t line) {
  switch (format) {
    case ImportFormat::kJsonl:
      return std::make_unique<JsonLinesReader>(file, offset, line);
    case ImportFormat::kTsv:
      return make_tsv_reader(file, offset, line);
    case ImportFormat::kText:
      return std::make_unique<ParagraphReader>(file, offset, line);
    case ImportFormat::kWikiExtractor:
      return make_wiki_reader(file, offset, line);
    case ImportFormat::kAuto:
      break;
  }
  REALM_CHECK(false);
}

}  // namespace realm
