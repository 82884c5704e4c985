#include "app/view/curve_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "app/view/curve_geometry.h"
#include "app/view/number_format.h"
#include "app/view/utf8.h"

namespace realm::view {
namespace {

constexpr double kMargin = 16, kLine = 18, kTitleSize = 15, kTextSize = 12;
constexpr double kCharacter = 7;  // about the width of one; there is no font to measure with

std::string quoted_for_csv(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string csv_number(double value) {
  if (std::isnan(value)) return "nan";  // without the sign that some NaN have
  return fmt::format("{}", value);      // the shortest text that reads back as the same
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        // XML has no other control characters.
        out += static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' ? ' ' : c;
    }
  }
  return out;
}

std::string hex(Color color) {
  return fmt::format("#{:02X}{:02X}{:02X}", color.r, color.g, color.b);
}

double width_of(std::string_view text) {
  double count = 0;
  for (size_t at = 0; at < text.size(); at += code_point_at(text, at).length) ++count;
  return count * kCharacter;
}

class SvgWriter {
 public:
  explicit SvgWriter(const CurvePicture& picture)
      : picture_(picture), theme_(theme_of(picture.theme)) {}

  std::string write() {
    out_ += fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
        "{1}\" font-family=\"Inter, 'DejaVu Sans', sans-serif\" font-size=\"{2}\">\n",
        picture_.width, picture_.height, kTextSize);
    if (!picture_.title.empty())
      out_ += fmt::format("<title>{}</title>\n", escaped(picture_.title));
    out_ += fmt::format("<rect width=\"{}\" height=\"{}\" fill=\"{}\"/>\n", picture_.width,
                        picture_.height, hex(theme_.pane()));
    const double top = head();
    axes(top);
    lines();
    out_ += "</svg>\n";
    return std::move(out_);
  }

 private:
  void text(double x, double y, std::string_view anchor, std::string_view attributes,
            std::string_view shown) {
    out_ += fmt::format("<text x=\"{:.2f}\" y=\"{:.2f}\" text-anchor=\"{}\" {}>{}</text>\n", x, y,
                        anchor, attributes, escaped(shown));
  }

  void shape(size_t index, CurvePoint center, Color color) {
    out_ += "<polygon points=\"";
    for (const CurvePoint& corner : series_shape(index, center, 4))
      out_ += fmt::format("{:.2f},{:.2f} ", corner.x, corner.y);
    out_ += fmt::format("\" fill=\"{}\"/>\n", hex(color));
  }

  // Title and legend; gives the y below them.
  double head() {
    double y = kMargin;
    const std::optional<Color> example = smoothing_example(picture_);
    if (!picture_.subject.empty()) {
      text(kMargin, y + 9, "start", fmt::format("fill=\"{}\"", hex(theme_.body())),
           picture_.subject);
    }
    if (example) lines_legend(y, *example);
    if (example || !picture_.subject.empty()) y += kLine;
    if (!picture_.title.empty()) {
      text(kMargin, y + kTitleSize - 3, "start",
           fmt::format("font-size=\"{}\" font-weight=\"600\" fill=\"{}\"", kTitleSize,
                       hex(theme_.text())),
           picture_.title);
      y += kTitleSize + 10;
    }
    double x = kMargin;
    bool any = false;
    for (size_t i = 0; i < picture_.curves.size(); ++i) {
      const ShownCurve& curve = picture_.curves[i];
      if (curve.hidden || name_of(curve).empty()) continue;
      const double width = 14 + width_of(name_of(curve)) + 16;
      if (any && x + width > picture_.width - kMargin) {
        x = kMargin;
        y += kLine;
      }
      shape(i, {static_cast<float>(x + 5), static_cast<float>(y + 5)}, curve.color);
      text(x + 14, y + 9, "start", fmt::format("fill=\"{}\"", hex(theme_.body())), name_of(curve));
      x += width;
      any = true;
    }
    return any ? y + kLine + 4 : y;
  }

  // Right-aligned: a pale stroke "as recorded", a full one "smoothed".
  void lines_legend(double y, Color color) {
    const std::string fill = fmt::format("fill=\"{}\"", hex(theme_.body()));
    double x = picture_.width - kMargin;
    const auto entry = [&](std::string_view name, Color stroke, double width) {
      text(x, y + 9, "end", fill, name);
      x -= width_of(name) + 6;
      out_ += fmt::format("<path d=\"M{:.2f} {:.2f}h-18\" stroke=\"{}\" stroke-width=\"{}\"/>\n", x,
                          y + 5, hex(stroke), width);
      x -= 18 + 14;
    };
    entry(kSmoothedLine, color, 1.6);
    entry(kRawLine, raw_line_color(color, theme_), 1);
  }

  void axes(double top) {
    range_ = shown_range(picture_.view, picture_.curves);
    const double bottom = picture_.height - kMargin - 2 * kLine;
    const double right = picture_.width - kMargin - 8;
    const auto scales_from = [&](double left) {
      return scales_of(range_, {static_cast<float>(left), static_cast<float>(top),
                                static_cast<float>(std::max(10.0, right - left)),
                                static_cast<float>(std::max(10.0, bottom - top))});
    };
    double widest = 0;
    for (const CurveTick& tick : value_ticks(scales_from(kMargin).y, 36))
      widest = std::max(widest, width_of(tick.label));
    scales_ = scales_from(kMargin + widest + 8);
    const double left = scales_.x.from, base = scales_.y.from, end = scales_.x.to;

    const std::string label = fmt::format("fill=\"{}\"", hex(theme_.secondary()));
    for (const CurveTick& tick : value_ticks(scales_.y, 36)) {
      line(left, tick.at, end, tick.at, theme_.hairline());
      text(left - 8, tick.at + 4, "end", label, tick.label);
    }
    line(left, base, end, base, theme_.control());
    for (const CurveTick& tick : x_ticks(scales_.x, picture_.x_kind, 90)) {
      line(tick.at, base, tick.at, base + 4, theme_.control());
      text(tick.at, base + kLine, "middle", label, tick.label);
    }
    text((left + end) / 2, base + 2 * kLine, "middle", label, x_name(picture_.x_kind));
    if (range_.log_y) text(left - 8, top - 4, "end", label, "log");
  }

  void line(double x, double y, double to_x, double to_y, Color color) {
    out_ += fmt::format(
        "<line x1=\"{:.2f}\" y1=\"{:.2f}\" x2=\"{:.2f}\" y2=\"{:.2f}\" stroke=\"{}\"/>\n", x, y,
        to_x, to_y, hex(color));
  }

  void lines() {
    out_ += "<g fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\">\n";
    for (const ShownCurve& curve : picture_.curves) {  // raw lines lie under all others
      if (is_drawn(curve) && curve.curve->smoothed)
        path(curve, curve.curve->raw, raw_line_color(curve.color, theme_), 1);
    }
    for (const ShownCurve& curve : picture_.curves) {
      if (is_drawn(curve)) path(curve, curve.curve->line(), curve.color, 1.6);
    }
    out_ += "</g>\n";
    for (size_t i = 0; i < picture_.curves.size(); ++i) {
      if (is_drawn(picture_.curves[i])) ends(i);
    }
  }

  void path(const ShownCurve& curve, const CurvePyramid& values, Color color, double width) {
    const CurveLine drawn = curve_line(curve.curve->series->x, values, scales_, 0);
    if (drawn.parts() == 0) return;
    out_ += "<path d=\"";
    for (size_t i = 0; i < drawn.parts(); ++i) {
      const std::span<const CurvePoint> part = drawn.part(i);
      for (size_t k = 0; k < part.size(); ++k)
        out_ += fmt::format("{}{:.2f} {:.2f}", k == 0 ? "M" : "L", part[k].x, part[k].y);
      if (part.size() == 1) out_ += "h0.01";  // a dot by its round caps
    }
    out_ += fmt::format("\" stroke=\"{}\" stroke-width=\"{}\"/>\n", hex(color), width);
  }

  // The curve's mark at its newest point that is shown, and the marks of what is no number.
  void ends(size_t index) {
    const ShownCurve& curve = picture_.curves[index];
    if (const auto end = end_of_line(curve, scales_)) shape(index, *end, curve.color);
    for (const float x : mark_places(curve.curve->non_finite_x, scales_.x, 6)) {
      out_ += fmt::format("<path d=\"M{:.2f} {:.2f}l-4 7h8z\" fill=\"{}\"/>\n", x,
                          scales_.y.from - 7, hex(theme_.warning));
    }
  }

  const CurvePicture& picture_;
  const Theme& theme_;
  PlotRange range_;
  PlotScales scales_;
  std::string out_;
};

}  // namespace

std::optional<Color> smoothing_example(const CurvePicture& picture) {
  for (const ShownCurve& curve : picture.curves) {
    if (is_drawn(curve) && curve.curve->smoothed) return curve.color;
  }
  return std::nullopt;
}

Color raw_line_color(Color line, const Theme& theme) { return mix(line, theme.pane(), 0.7); }

std::string_view x_name(CurveXKind kind) {
  return kind == CurveXKind::kSteps ? "step" : kind == CurveXKind::kExamples ? "examples" : "time";
}

std::string curves_csv(std::span<const std::shared_ptr<const CurveSeries>> series) {
  std::string out = "x,name,value\n";
  for (const auto& one : series) {
    if (one == nullptr) continue;
    const std::string name = quoted_for_csv(one->name);
    for (size_t i = 0; i < one->x.size(); ++i) {
      fmt::format_to(std::back_inserter(out), "{},{},{}\n", one->x[i], name, csv_number(one->y[i]));
    }
  }
  return out;
}

std::vector<std::shared_ptr<const CurveSeries>> series_of(std::span<const ShownCurve> curves) {
  std::vector<std::shared_ptr<const CurveSeries>> series;
  for (const ShownCurve& shown : curves) {
    if (shown.curve != nullptr) series.push_back(shown.curve->series);
  }
  return series;
}

std::string curves_svg(const CurvePicture& picture) { return SvgWriter(picture).write(); }

std::optional<CurveFile> curve_file(const std::filesystem::path& file) {
  std::string end = file.extension().string();
  for (char& c : end) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (end == ".png") return CurveFile::kPng;
  if (end == ".svg") return CurveFile::kSvg;
  if (end == ".csv") return CurveFile::kCsv;
  return std::nullopt;
}

std::string file_name_of(std::string_view title, CurveFile kind) {
  std::string name;
  for (const char c : title) {
    const bool is_kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                         (c >= 'A' && c <= 'Z') || c == '_' ||
                         static_cast<unsigned char>(c) >= 0x80;
    if (is_kept) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  while (name.ends_with('-')) name.pop_back();
  if (name.empty()) name = "chart";
  return name + (kind == CurveFile::kPng ? ".png" : kind == CurveFile::kSvg ? ".svg" : ".csv");
}

std::string curves_text(const CurvePicture& picture, const std::filesystem::path& file) {
  switch (curve_file(file).value_or(CurveFile::kPng)) {
    case CurveFile::kSvg:
      return curves_svg(picture);
    case CurveFile::kCsv:
      return curves_csv(series_of(picture.curves));
    case CurveFile::kPng:
      break;
  }
  return {};
}

}  // namespace realm::view
