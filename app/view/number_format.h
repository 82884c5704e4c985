// Numbers as the window writes them (one rule everywhere): three significant digits, scientific
// below 0.001 with a true minus (U+2212), lists of shares whose displayed numbers add up.
//
// Pure functions over values; thread-safe, never blocking, never throwing but for memory.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace realm::view {

// A probability or any value >= 0: 0.604, 0.0123, 12.3, 1.6e−17, 0. "–" for NaN.
std::string format_number(double value);

// A probability known by its natural logarithm, also where exp() underflows: 3.2e−410.
std::string format_from_log(double natural_log);

// All the digits that a double holds in practice (10 significant), for hovers and copies.
std::string format_exact(double value);

// Always with a sign and a true minus: +25.1, −0.110, 0. Three significant digits.
std::string format_signed(double value);
// f(x,z), of which differences count: two decimals whatever its size.
std::string format_score(double value);

// 2,941
std::string format_count(int64_t count);

// "1 passage", "2,941 passages"; the plural is the noun with an s unless given.
std::string format_counted(int64_t count, std::string_view noun, std::string_view plural = {});

// 0.41 ms, 14 ms, 1.2 s, 3 min 20 s
std::string format_milliseconds(double milliseconds);

// 71 %, 0.4 %, <0.1 %. `share` in [0, 1].
std::string format_percent(double share);

// Parts of `total` with three significant digits each, the larger ones rounded (by largest
// remainder) so that the numbers shown, read back and rounded to three decimals, add up to `total`.
// For parts that do not add up to `total` within 0.005, each is rounded for itself; so is the part
// `same`, which is shown elsewhere too: the others take up its rounding.
std::vector<std::string> format_parts(std::span<const double> parts, double total,
                                      std::optional<size_t> same = std::nullopt);

// Whole per cents that add up to 100 where the shares add up to 1.
std::vector<std::string> format_percents(std::span<const double> shares);

}  // namespace realm::view
