// LineReader: the lines of a file of any size, from any byte on, with where they stand. Private to
// storage.
//
// One owner; blocks on disk. Memory: one buffer and the longest line that is let through.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace realm {

struct Line {
  std::string text;        // without LF or CRLF; empty when too_long
  int64_t number = 0;      // 1 is the first line of the file
  int64_t offset = 0;      // of its first byte
  int64_t end_offset = 0;  // of the byte after its line end
  bool too_long = false;
};

class LineReader {
 public:
  static constexpr size_t kLongestLine = 16 << 20;

  // Begins at `offset`, which must be the first byte of line `number`. A byte order mark at the
  // file's beginning is passed over. Throws Error{kNotFound, kIo}.
  explicit LineReader(const std::filesystem::path& file, int64_t offset = 0, int64_t number = 1);

  bool next(Line& line);     // false: the end. Throws Error{kIo}.
  void put_back(Line line);  // the next call gives it again; the last one put back first

 private:
  bool fill();

  std::filesystem::path file_;
  std::ifstream stream_;
  std::vector<char> buffer_;
  size_t position_ = 0, filled_ = 0;
  int64_t offset_, number_;
  std::deque<Line> put_back_;
};

}  // namespace realm
