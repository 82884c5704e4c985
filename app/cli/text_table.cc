#include "app/cli/text_table.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/utf8.h"

namespace realm::cli {
namespace {

size_t count_code_points(const std::string& text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); at += decode_utf8(text, at).length) ++count;
  return count;
}

}  // namespace

TextTable::TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

void TextTable::add(std::vector<std::string> cells) {
  REALM_CHECK(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

std::string TextTable::str() const {
  std::vector<size_t> widths;
  std::vector<std::string> header;
  for (const Column& column : columns_) {
    header.push_back(column.title);
    widths.push_back(count_code_points(column.title));
  }
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], count_code_points(row[i]));
  }
  std::string text;
  const auto append = [&](const std::vector<std::string>& row) {
    if (!text.empty()) text += '\n';
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += "  ";
      const std::string padding(widths[i] - count_code_points(row[i]), ' ');
      const bool is_last = i + 1 == row.size();
      if (columns_[i].align == Align::kRight) {
        text += padding + row[i];
      } else {
        text += is_last ? row[i] : row[i] + padding;
      }
    }
  };
  append(header);
  for (const auto& row : rows_) append(row);
  return text;
}

std::string one_line(const std::string& text, size_t width) {
  std::string line;
  size_t count = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t length = decode_utf8(text, at).length;
    if (count + 1 == width && at + length < text.size()) return line + "…";
    const std::string point = text.substr(at, length);
    line += point == "\n" || point == "\t" || point == "\r" ? " " : point;
    at += length;
    ++count;
  }
  return line;
}

}  // namespace realm::cli
