// TextTable: columns of text for a terminal. Widths count code points.
#pragma once

#include <string>
#include <vector>

namespace realm::cli {

class TextTable {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };

  explicit TextTable(std::vector<Column> columns);
  // As many cells as columns.
  void add(std::vector<std::string> cells);
  // Lines without a line end after the last. The last column is not padded.
  std::string str() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// The text on one line, cut to `width` code points with an ellipsis.
std::string one_line(const std::string& text, size_t width);

}  // namespace realm::cli
