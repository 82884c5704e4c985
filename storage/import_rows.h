// RowReader: the rows of an import file, one after the other, each a document or the reason why it
// is none. Private to storage; one owner; blocks on disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "engine/text/corpus.h"
#include "storage/importers.h"
#include "storage/line_reader.h"

namespace realm {

enum class RowFault { kNone, kInvalidUtf8, kEmpty, kMalformed, kTooLong };

struct ImportRow {
  Document document;  // texts as in the file; source and licence empty where the row names none
  RowFault fault = RowFault::kNone;
  std::string reason;      // of the fault
  int64_t line = 0;        // where the row begins, or where its fault is
  int64_t end_offset = 0;  // where the next row begins: an import can go on from here
  int64_t end_line = 0;    // the number of the next row's first line
};

class RowReader {
 public:
  virtual ~RowReader() = default;
  virtual bool next(ImportRow& row) = 0;  // false: the end
  // Keys and columns that were left out, with how often; the first 64 names.
  std::map<std::string, int64_t> ignored;

 protected:
  void ignore(const std::string& name);
};

// Begins at a row's end_offset and end_line, or at 0 and 1. Throws Error{kNotFound, kIo},
// Error{kUnsupported} for a table whose columns cannot be told.
std::unique_ptr<RowReader> make_row_reader(const std::filesystem::path& file, ImportFormat format,
                                           int64_t offset, int64_t line);

std::unique_ptr<RowReader> make_tsv_reader(const std::filesystem::path& file, int64_t offset,
                                           int64_t line);

std::unique_ptr<RowReader> make_wiki_reader(const std::filesystem::path& file, int64_t offset,
                                            int64_t line);
// Whether a file that begins so holds articles as WikiExtractor writes them.
bool begins_like_wiki(std::string_view head);

// For the readers: a row that begins with this line; whether the line cannot be read as text (then
// the row says so).
void begin_row(const Line& line, ImportRow& row);
bool has_line_fault(const Line& line, ImportRow& row);
bool is_blank(std::string_view text);

}  // namespace realm
