#include "app/view/curve_export.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "tests/app/view/sample_curves.h"

namespace realm::view {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(CurvesCsv, HoldsEveryPoint) {
  const std::vector<std::shared_ptr<const CurveSeries>> all = {
      series({0, 1}, {0.1, kNan}, "loss"), series({0.5, 2}, {-kInfinity, 1e-300}, "a, \"b\"")};
  EXPECT_EQ(curves_csv(all),
            "x,name,value\n"
            "0,loss,0.1\n"
            "1,loss,nan\n"
            "0.5,\"a, \"\"b\"\"\",-inf\n"
            "2,\"a, \"\"b\"\"\",1e-300\n");

  std::vector<double> many(200000);
  for (size_t i = 0; i < many.size(); ++i) many[i] = static_cast<double>(i);
  const std::string csv = curves_csv(std::vector{series(many, many)});
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 200001);
  EXPECT_TRUE(csv.ends_with("199999,loss,199999\n"));
}

TEST(CurvesCsv, TakesHiddenCurvesToo) {
  std::vector<ShownCurve> curves = {shown({0}, {1}), ShownCurve{}, shown({0}, {2}, 0, "rate")};
  curves[2].hidden = true;
  EXPECT_EQ(curves_csv(series_of(curves)), "x,name,value\n0,loss,1\n0,rate,2\n");
}

// Every tag is closed by its own, and text holds no bare sign of XML.
void expect_well_formed(std::string_view xml) {
  std::vector<std::string> open;
  for (size_t at = 0; at < xml.size();) {
    if (xml[at] != '<') {
      ASSERT_NE(xml[at], '>') << xml.substr(at, 40);
      if (xml[at] == '&') {
        ASSERT_NE(xml.substr(at, 6).find(';'), std::string_view::npos);
      }
      ++at;
      continue;
    }
    const size_t end = xml.find('>', at);
    ASSERT_NE(end, std::string_view::npos);
    const std::string_view tag = xml.substr(at + 1, end - at - 1);
    ASSERT_EQ(std::count(tag.begin(), tag.end(), '"') % 2, 0) << tag;
    if (tag.starts_with('/')) {
      ASSERT_FALSE(open.empty());
      ASSERT_EQ(open.back(), tag.substr(1));
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.emplace_back(tag.substr(0, tag.find(' ')));
    }
    at = end + 1;
  }
  EXPECT_TRUE(open.empty());
}

TEST(CurvesSvg, ShowsWhatThePlotShows) {
  std::vector<ShownCurve> curves = {shown({0, 1, 2, 3}, {1, 2, kNan, 4}, 0.5, "a <b> & \"c\""),
                                    shown({0, 1}, {3, 3}, 0, "other"),
                                    shown({0, 1}, {3, 900}, 0, "secret")};
  curves[2].hidden = true;
  const std::string svg = curves_svg({.title = "Loss & more", .curves = curves});
  expect_well_formed(svg);
  EXPECT_TRUE(svg.starts_with("<svg xmlns="));
  EXPECT_NE(svg.find("Loss &amp; more"), std::string::npos);
  EXPECT_NE(svg.find("a &lt;b&gt; &amp; &quot;c&quot;"), std::string::npos);
  EXPECT_NE(svg.find(">other</text>"), std::string::npos);
  EXPECT_EQ(svg.find("secret"), std::string::npos);
  EXPECT_NE(svg.find("stroke=\"#B8BDC2\""), std::string::npos);  // the raw line
  EXPECT_NE(svg.find(">step</text>"), std::string::npos);
  EXPECT_NE(svg.find(">4.0</text>"), std::string::npos);  // a tick
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST(CurvesSvg, NamesTheRunAndTheTwoKindsOfLine) {
  CurvePicture picture{.title = "Loss", .subject = "run <1>", .curves = {shown({0, 1}, {1, 2})}};
  std::string svg = curves_svg(picture);
  expect_well_formed(svg);
  EXPECT_NE(svg.find(">run &lt;1&gt;</text>"), std::string::npos);
  EXPECT_EQ(svg.find("as recorded"), std::string::npos) << "there is one kind of line";
  picture.curves[0] = shown({0, 1}, {1, 2}, 0.5);
  svg = curves_svg(picture);
  expect_well_formed(svg);
  EXPECT_NE(svg.find(">as recorded</text>"), std::string::npos);
  EXPECT_NE(svg.find(">smoothed</text>"), std::string::npos);
}

TEST(CurvesSvg, IsWellFormedWithoutCurves) {
  const std::string svg = curves_svg({.title = "Nothing", .theme = ThemeKind::kDark});
  expect_well_formed(svg);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(CurveFiles, AreToldByTheEndOfTheirName) {
  EXPECT_EQ(curve_file("a/b.png"), CurveFile::kPng);
  EXPECT_EQ(curve_file("loss.SVG"), CurveFile::kSvg);
  EXPECT_EQ(curve_file("loss.1.csv"), CurveFile::kCsv);
  EXPECT_EQ(curve_file("loss"), std::nullopt);
  EXPECT_EQ(curve_file("loss.pdf"), std::nullopt);
  EXPECT_EQ(file_name_of("20261122-pretrain p(y|x)", CurveFile::kPng),
            "20261122-pretrain-p-y-x.png");
  EXPECT_EQ(file_name_of("...", CurveFile::kCsv), "chart.csv");
}

TEST(CurveFiles, HoldWhatTheirNameSays) {
  CurvePicture picture{.title = "Loss", .curves = {shown({0}, {1}), shown({0}, {2}, 0, "rate")}};
  picture.curves[1].hidden = true;
  EXPECT_EQ(curves_text(picture, "a.csv"), "x,name,value\n0,loss,1\n0,rate,2\n");
  EXPECT_EQ(curves_text(picture, "a.svg"), curves_svg(picture));
  EXPECT_EQ(curves_text(picture, "a.png"), "");
}

}  // namespace
}  // namespace realm::view
