#include "storage/line_reader.h"

#include <fmt/format.h>

#include <cstring>

#include "engine/base/error.h"
#include "storage/paths.h"

namespace realm {
namespace {

constexpr size_t kBuffer = 1 << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

LineReader::LineReader(const std::filesystem::path& file, int64_t offset, int64_t number)
    : file_(file),
      stream_(file, std::ios::binary),
      buffer_(kBuffer),
      offset_(offset),
      number_(number) {
  if (!stream_ || is_folder(file)) {
    const bool exists = path_exists(file);
    throw Error(exists ? ErrorCode::kIo : ErrorCode::kNotFound,
                exists ? fmt::format("'{}' cannot be read.", file.string())
                       : fmt::format("There is no file '{}'.", file.string()));
  }
  stream_.seekg(offset);
  if (offset == 0 && fill() &&
      std::string_view(buffer_.data(), filled_).starts_with(kByteOrderMark)) {
    position_ = kByteOrderMark.size();
    offset_ = static_cast<int64_t>(kByteOrderMark.size());
  }
}

bool LineReader::fill() {
  stream_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  position_ = 0;
  filled_ = static_cast<size_t>(stream_.gcount());
  if (stream_.bad())
    throw Error(ErrorCode::kIo, fmt::format("'{}' cannot be read to its end.", file_.string()));
  return filled_ > 0;
}

bool LineReader::next(Line& line) {
  if (!put_back_.empty()) {
    line = std::move(put_back_.front());
    put_back_.pop_front();
    return true;
  }
  line.text.clear();
  line.number = number_;
  line.offset = offset_;
  line.too_long = false;
  bool any = false;
  bool ended = false;
  while (!ended && (position_ < filled_ || fill())) {
    any = true;
    const char* begin = buffer_.data() + position_;
    const size_t left = filled_ - position_;
    const void* newline = std::memchr(begin, '\n', left);
    const size_t size =
        newline == nullptr ? left : static_cast<size_t>(static_cast<const char*>(newline) - begin);
    line.too_long = line.too_long || line.text.size() + size > kLongestLine;
    if (line.too_long) {
      line.text.clear();
    } else {
      line.text.append(begin, size);
    }
    ended = newline != nullptr;
    position_ += size + (ended ? 1 : 0);
    offset_ += static_cast<int64_t>(size + (ended ? 1 : 0));
  }
  if (!any) return false;
  if (ended && line.text.ends_with('\r')) line.text.pop_back();
  line.end_offset = offset_;
  ++number_;
  return true;
}

void LineReader::put_back(Line line) { put_back_.push_front(std::move(line)); }

}  // namespace realm
