#include "app/view/number_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace realm::view {
namespace {

constexpr std::string_view kMinus = "\u2212";
constexpr std::string_view kNoNumber = "\u2013";
constexpr double kScientificBelow = 0.001;

std::string with_true_minus(std::string text) {
  std::string out;
  for (const char c : text) {
    if (c == '-') {
      out += kMinus;
    } else {
      out += c;
    }
  }
  return out;
}

std::string scientific(double mantissa, int64_t exponent) {
  if (mantissa >= 9.95) {  // would round to 10.0
    mantissa = 1.0;
    ++exponent;
  }
  return with_true_minus(fmt::format("{:.1f}e{}", mantissa, exponent));
}

std::string three_digits(double value) {  // value >= kScientificBelow, or 0
  if (value == 0) return "0";
  const int exponent = static_cast<int>(std::floor(std::log10(value)));
  int decimals = std::max(0, 2 - exponent);
  // 0.9996 has exponent -1 and rounds to 1.000: one decimal too many.
  if (std::round(value * std::pow(10.0, decimals)) >= std::pow(10.0, decimals + exponent + 1)) {
    decimals = std::max(0, decimals - 1);
  }
  return fmt::format("{:.{}f}", value, decimals);
}

// Units handed out so that they add up to `wanted`: each part's floor, and one more for the largest
// remainders.
std::vector<int64_t> largest_remainder(std::span<const double> parts, int64_t wanted) {
  std::vector<int64_t> units(parts.size());
  std::vector<size_t> order(parts.size());
  std::iota(order.begin(), order.end(), size_t{0});
  for (size_t i = 0; i < parts.size(); ++i) units[i] = static_cast<int64_t>(std::floor(parts[i]));
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return parts[a] - std::floor(parts[a]) > parts[b] - std::floor(parts[b]);
  });
  int64_t missing = wanted - std::accumulate(units.begin(), units.end(), int64_t{0});
  for (size_t i = 0; i < order.size() && missing > 0; ++i, --missing) ++units[order[i]];
  for (size_t i = order.size(); i > 0 && missing < 0; --i, ++missing) --units[order[i - 1]];
  return units;
}

}  // namespace

std::string format_number(double value) {
  if (std::isnan(value)) return std::string(kNoNumber);
  if (value < 0) return fmt::format("{}{}", kMinus, format_number(-value));
  if (std::isinf(value)) return "\u221E";
  if (value == 0) return "0";
  if (value < kScientificBelow * (1 - 1e-12)) {
    const double exponent = std::floor(std::log10(value));
    // A subnormal's power of ten underflows, so the mantissa is found through the logarithm.
    return scientific(std::pow(10.0, std::log10(value) - exponent), static_cast<int64_t>(exponent));
  }
  return three_digits(value);
}

std::string format_from_log(double natural_log) {
  if (std::isnan(natural_log)) return std::string(kNoNumber);
  if (std::isinf(natural_log)) return natural_log < 0 ? "0" : "\u221E";
  const double log10 = natural_log / std::log(10.0);
  if (log10 > -300) return format_number(std::exp(natural_log));
  const double exponent = std::floor(log10);
  return scientific(std::pow(10.0, log10 - exponent), static_cast<int64_t>(exponent));
}

std::string format_exact(double value) {
  if (std::isnan(value)) return std::string(kNoNumber);
  std::string text = fmt::format("{:.10g}", value);
  // 2.4e-06 as 2.4e-6.
  if (const size_t e = text.find("e-0"); e != std::string::npos) text.erase(e + 2, 1);
  return with_true_minus(text);
}

std::string format_signed(double value) {
  if (std::isnan(value)) return std::string(kNoNumber);
  if (value == 0) return "0";
  return value > 0 ? fmt::format("+{}", format_number(value)) : format_number(value);
}

std::string format_score(double value) {
  if (std::isnan(value)) return std::string(kNoNumber);
  return with_true_minus(fmt::format("{:.2f}", value));
}

std::string format_count(int64_t count) {
  const std::string digits = fmt::format("{}", count < 0 ? -count : count);
  std::string out = count < 0 ? std::string(kMinus) : "";
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string format_counted(int64_t count, std::string_view noun, std::string_view plural) {
  if (count == 1) return fmt::format("1 {}", noun);
  if (plural.empty()) return fmt::format("{} {}s", format_count(count), noun);
  return fmt::format("{} {}", format_count(count), plural);
}

std::string format_milliseconds(double milliseconds) {
  if (std::isnan(milliseconds) || milliseconds < 0) return std::string(kNoNumber);
  if (milliseconds < 0.995) return fmt::format("{:.2f} ms", milliseconds);
  if (milliseconds < 9.95) return fmt::format("{:.1f} ms", milliseconds);
  if (milliseconds < 999.5) return fmt::format("{:.0f} ms", milliseconds);
  if (milliseconds < 59950) return fmt::format("{:.1f} s", milliseconds / 1000);
  const auto seconds = static_cast<int64_t>(std::round(milliseconds / 1000));
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

std::string format_percent(double share) {
  const double percent = share * 100;
  if (std::isnan(percent)) return std::string(kNoNumber);
  if (percent == 0) return "0 %";
  if (percent < 0.1) return "<0.1 %";
  if (percent < 0.95) return fmt::format("{:.1f} %", percent);
  return fmt::format("{:.0f} %", percent);
}

std::vector<std::string> format_parts(std::span<const double> parts, double total,
                                      std::optional<size_t> same) {
  std::vector<std::string> shown(parts.size());
  for (size_t i = 0; i < parts.size(); ++i) shown[i] = format_number(parts[i]);
  const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
  if (!(std::abs(sum - total) <= 0.005)) return shown;

  // Parts from 0.0995 up are shown with three decimals: they take up the rounding of all.
  std::vector<size_t> large;
  std::vector<double> thousandths;
  double small_shown = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] >= 0.0995 && parts[i] < 1.0 && i != same) {
      large.push_back(i);
      thousandths.push_back(parts[i] * 1000);
    } else if (parts[i] >= kScientificBelow) {
      small_shown += std::stod(shown[i]);
    } else {
      small_shown += parts[i];
    }
  }
  if (large.empty()) return shown;
  const auto wanted = static_cast<int64_t>(std::llround((total - small_shown) * 1000));
  const std::vector<int64_t> units = largest_remainder(thousandths, wanted);
  for (size_t i = 0; i < large.size(); ++i) {
    const double value = static_cast<double>(units[i]) / 1000;
    shown[large[i]] = value >= 1 ? fmt::format("{:.2f}", value) : fmt::format("{:.3f}", value);
  }
  return shown;
}

std::vector<std::string> format_percents(std::span<const double> shares) {
  std::vector<std::string> shown(shares.size());
  std::vector<double> percents(shares.size());
  for (size_t i = 0; i < shares.size(); ++i) percents[i] = shares[i] * 100;
  const double sum = std::accumulate(percents.begin(), percents.end(), 0.0);
  if (!(std::abs(sum - 100) <= 0.5)) {
    for (size_t i = 0; i < shares.size(); ++i) shown[i] = format_percent(shares[i]);
    return shown;
  }
  const std::vector<int64_t> units = largest_remainder(percents, 100);
  for (size_t i = 0; i < shares.size(); ++i) {
    shown[i] =
        units[i] == 0 ? format_percent(std::min(shares[i], 0.0049)) : fmt::format("{} %", units[i]);
  }
  return shown;
}

}  // namespace realm::view
