#include "app/view/corpus_state.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <string_view>

#include "app/view/number_format.h"
#include "engine/base/regular_expression.h"

namespace realm::view {

DocumentQuery page_query(const CorpusState& state) {
  DocumentQuery query;
  query.search = state.search;
  query.source = state.filters.source;
  query.except_source = state.filters.except_source;
  query.contains = state.filters.contains;
  query.lacks = state.filters.lacks;
  query.expression = state.expression_in_use;
  query.gap = state.filters.gap;
  query.descending = state.descending;
  // Relevance is an order among hits; without a search the table's own order is kept.
  query.order = state.order == DocumentOrder::kByRelevance && state.search.empty()
                    ? DocumentOrder::kById
                    : state.order;
  query.offset = state.offset;
  return query;
}

Pagination pagination_of(const CorpusState& state) {
  Pagination pagination;
  pagination.limit = DocumentQuery{}.limit;
  if (state.page) {
    pagination.offset = state.page->page.query.offset;
    pagination.total = state.page->page.total;
  }
  return pagination;
}

bool is_narrowed(const CorpusState& state) {
  return !state.search.empty() || state.filters.count() > 0;
}

TableOrder next_order(const CorpusState& state, DocumentOrder column) {
  if (state.order != column) return {column, false};
  if (!state.descending) return {column, true};
  return {state.search.empty() ? DocumentOrder::kById : DocumentOrder::kByRelevance, false};
}

std::vector<Mark> mark_corpus_hits(const CorpusState& state, std::string_view text, bool is_title) {
  std::vector<std::string> expressions;
  if (!state.expression_in_use.empty()) expressions.push_back(state.expression_in_use);
  if (!state.filters.contains.empty() && !is_title)
    expressions.push_back(RegularExpression::of_text(state.filters.contains));
  return mark_found(text, state.search, expressions);
}

int selected_row(const CorpusState& state) {
  if (!state.page) return -1;
  const auto& rows = state.page->page.rows;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].id == state.selected) return static_cast<int>(i);
  }
  return -1;
}

std::string short_time(const std::string& iso8601) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (iso8601.size() < 16 || iso8601[4] != '-' || iso8601[7] != '-') return iso8601;
  size_t month = 0;
  int day = 0;
  std::from_chars(iso8601.data() + 5, iso8601.data() + 7, month);
  std::from_chars(iso8601.data() + 8, iso8601.data() + 10, day);
  if (month < 1 || month > 12) return iso8601;
  return std::to_string(day) + " " + std::string(kMonths[month - 1]) + " " + iso8601.substr(0, 4) +
         ", " + iso8601.substr(11, 5);
}

std::optional<int64_t> unix_time(const std::string& iso8601) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (std::sscanf(iso8601.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d", &year, &month, &day, &hour, &minute,
                  &second) != 6 ||
      month < 1 || month > 12 || day < 1 || day > 31)
    return std::nullopt;
  const std::chrono::sys_days date = std::chrono::year(year) /
                                     std::chrono::month(static_cast<unsigned>(month)) /
                                     std::chrono::day(static_cast<unsigned>(day));
  const auto at = std::chrono::sys_seconds(date) + std::chrono::hours(hour) +
                  std::chrono::minutes(minute) + std::chrono::seconds(second);
  return at.time_since_epoch().count();
}

std::string age_text(int64_t seconds) {
  constexpr int64_t kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;
  if (seconds < kMinute) return "just built";
  if (seconds < kHour) return fmt::format("{} min old", seconds / kMinute);
  if (seconds < 2 * kDay) return fmt::format("{} h old", seconds / kHour);
  return fmt::format("{} days old", format_count(seconds / kDay));
}

}  // namespace realm::view
