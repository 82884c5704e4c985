#include "engine/base/progress_text.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace realm {
namespace {

std::optional<int64_t> count_of(std::string_view digits) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value < 0)
    return std::nullopt;
  return value;
}

}  // namespace

std::string progress_text(const Progress& progress) {
  return progress.total > 0 ? fmt::format("{} {}/{}", progress.stage, progress.done, progress.total)
                            : progress.stage;
}

Progress read_progress(std::string_view text) {
  const Progress whole{.stage = std::string(text)};
  const size_t space = text.rfind(' ');
  if (space == std::string_view::npos) return whole;
  const std::string_view share = text.substr(space + 1);
  const size_t slash = share.find('/');
  if (slash == std::string_view::npos) return whole;
  const auto done = count_of(share.substr(0, slash)), total = count_of(share.substr(slash + 1));
  if (!done || !total || *total == 0) return whole;
  return {.done = *done, .total = *total, .stage = std::string(text.substr(0, space))};
}

}  // namespace realm
