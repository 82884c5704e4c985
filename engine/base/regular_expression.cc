#include "engine/base/regular_expression.h"

#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

#include "engine/base/error.h"

namespace realm {
namespace {

constexpr size_t kMostLookedThrough = size_t{64} << 10U;

RE2::Options options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_longest_match(true);
  return options;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

struct RegularExpression::Impl {
  explicit Impl(std::string_view expression) : compiled(piece(expression), options()) {}
  RE2 compiled;
};

RegularExpression::RegularExpression(std::string_view expression)
    : impl_(std::make_unique<Impl>(expression)) {
  if (!impl_->compiled.ok()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("The regular expression is not valid: {}.", impl_->compiled.error()));
  }
}

RegularExpression::~RegularExpression() = default;
RegularExpression::RegularExpression(RegularExpression&&) noexcept = default;
RegularExpression& RegularExpression::operator=(RegularExpression&&) noexcept = default;

std::string RegularExpression::of_text(std::string_view text) {
  return "(?i)" + RE2::QuoteMeta(piece(text));
}

bool RegularExpression::found_in(std::string_view text, const std::stop_token& stop) const {
  return !stop.stop_requested() && RE2::PartialMatch(piece(text), impl_->compiled);
}

std::vector<std::pair<size_t, size_t>> RegularExpression::find(std::string_view text,
                                                               size_t most) const {
  std::vector<std::pair<size_t, size_t>> out;
  const re2::StringPiece whole = piece(text.substr(0, kMostLookedThrough));
  re2::StringPiece match;
  for (size_t from = 0; out.size() < most && from <= whole.size();) {
    if (!impl_->compiled.Match(whole, from, whole.size(), RE2::UNANCHORED, &match, 1)) break;
    const auto begin = static_cast<size_t>(match.data() - whole.data());
    const size_t end = begin + match.size();
    if (end > begin) {
      out.emplace_back(begin, end);
      from = end;
      continue;
    }
    // An empty match: on to the next code point.
    from = begin + 1;
    while (from < whole.size() && (static_cast<unsigned char>(whole[from]) & 0xC0U) == 0x80U)
      ++from;
  }
  return out;
}

}  // namespace realm
