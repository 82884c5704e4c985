#include "app/platform/chart_picture.h"

#include <gtest/gtest.h>
#include <stb_image.h>

#include <cmath>
#include <string>

#include "app/platform/picture.h"
#include "app/view/curve_geometry.h"
#include "app/view/theme.h"
#include "tests/app/view/sample_curves.h"

namespace realm::platform {
namespace {

struct Pixel {
  int r = 0, g = 0, b = 0;
};

// A PNG as any program reads it.
class Png {
 public:
  explicit Png(const std::string& bytes)
      : data_(stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(bytes.data()),
                                    static_cast<int>(bytes.size()), &width, &height, &channels,
                                    4)) {}
  ~Png() { stbi_image_free(data_); }
  Png(const Png&) = delete;
  Png& operator=(const Png&) = delete;

  bool is_one() const { return data_ != nullptr; }
  Pixel at(int x, int y) const {
    const stbi_uc* pixel = data_ + 4 * (static_cast<ptrdiff_t>(y) * width + x);
    return {pixel[0], pixel[1], pixel[2]};
  }
  int width = 0, height = 0, channels = 0;

 private:
  stbi_uc* data_;
};

int difference(const Pixel& pixel, view::Color color) {
  return std::abs(pixel.r - color.r) + std::abs(pixel.g - color.g) + std::abs(pixel.b - color.b);
}

// How many pixels within the box are nearly of the colour.
int count_of(const Png& png, const view::Box& box, view::Color color) {
  int count = 0;
  for (int y = static_cast<int>(box.y); y < static_cast<int>(box.bottom()); ++y) {
    for (int x = static_cast<int>(box.x); x < static_cast<int>(box.right()); ++x)
      count += difference(png.at(x, y), color) < 24 ? 1 : 0;
  }
  return count;
}

class ChartPictureTest : public ::testing::Test {
 protected:
  ChartPictureTest() {
    picture_.title = "Loss of the run";
    picture_.curves = {view::shown({0, 50, 100}, {4, 2, 3}, 0, "loss"),
                       view::shown({0, 100}, {1, 1}, 0, "held-out loss")};
    picture_.curves[0].color = kBlue;
    picture_.curves[1].color = kOrange;
  }
  ChartPicture draw(float fineness = 2) {
    return draw_chart(picture_, fineness, find_fonts(system_font_folders()));
  }
  static constexpr view::Color kBlue = view::rgb(0x0072B2), kOrange = view::rgb(0xE69F00);
  view::CurvePicture picture_;
};

TEST_F(ChartPictureTest, HoldsTheCurvesWhereTheirGeometryIs) {
  const ChartPicture drawn = draw();
  const Png png(png_of(drawn.width, drawn.height, drawn.rgba));
  ASSERT_TRUE(png.is_one());
  EXPECT_EQ(png.width, 1600);
  EXPECT_EQ(png.height, 880);
  const view::PlotScales scales =
      view::scales_of(view::shown_range(picture_.view, picture_.curves), drawn.area);
  const auto at = [&](double x, double y) {
    return png.at(static_cast<int>(scales.x.at(x)), static_cast<int>(scales.y.at(y)));
  };
  for (const auto& [x, y] : {std::pair{25.0, 3.0}, {40.0, 2.4}, {75.0, 2.5}})
    EXPECT_LT(difference(at(x, y), kBlue), 24) << x;
  for (const double x : {10.0, 30.0, 90.0}) EXPECT_LT(difference(at(x, 1), kOrange), 24) << x;
  const view::Color ground = view::theme_of(view::ThemeKind::kLight).pane();
  EXPECT_EQ(difference(at(25, 1.7), ground), 0) << "nothing between the curves";
  EXPECT_EQ(difference(png.at(2, 2), ground), 0);
}

TEST_F(ChartPictureTest, HasATitleALegendAndLabels) {
  const ChartPicture drawn = draw();
  const Png png(png_of(drawn.width, drawn.height, drawn.rgba));
  const view::Theme& theme = view::theme_of(view::ThemeKind::kLight);
  const auto width = static_cast<float>(drawn.width), height = static_cast<float>(drawn.height);
  EXPECT_GT(count_of(png, {0, 0, width, drawn.area.y}, theme.text()), 100) << "the title";
  EXPECT_GT(count_of(png, {0, 0, width, drawn.area.y}, kOrange), 20) << "a mark of the legend";
  EXPECT_GT(
      count_of(png, {0, drawn.area.y, drawn.area.x - 4, drawn.area.height}, theme.secondary()), 50)
      << "labels of the values";
  EXPECT_GT(count_of(png, {0, drawn.area.bottom() + 10, width, height - drawn.area.bottom() - 10},
                     theme.secondary()),
            50)
      << "labels of the steps";
}

TEST_F(ChartPictureTest, NamesTheRunAndTellsItsTwoKindsOfLineApart) {
  const view::Theme& theme = view::theme_of(view::ThemeKind::kLight);
  const view::Color pale = view::raw_line_color(kBlue, theme);
  const auto head = [&](view::Color color, float from, float to) {
    const ChartPicture drawn = draw();
    const Png png(png_of(drawn.width, drawn.height, drawn.rgba));
    const auto width = static_cast<float>(drawn.width);
    return count_of(png, {from * width, 0, (to - from) * width, 60}, color);
  };
  EXPECT_EQ(head(pale, 0.5F, 1), 0) << "nothing is smoothed";
  EXPECT_EQ(head(theme.body(), 0.5F, 1), 0);
  picture_.subject = "20261122-065512-pretrain";
  EXPECT_GT(head(theme.body(), 0, 0.5F), 100) << "the run's name";
  picture_.curves[0] = view::shown({0, 50, 100}, {4, 2, 3}, 0.6, "loss");
  picture_.curves[0].color = kBlue;
  EXPECT_GT(head(pale, 0.5F, 1), 20) << "a pale stroke";
  EXPECT_GT(head(kBlue, 0.5F, 1), 40) << "and a full one";
  EXPECT_GT(head(theme.body(), 0.5F, 1), 100) << "with their names";
}

TEST_F(ChartPictureTest, IsInTheThemeThatIsOnScreenAndLeavesHiddenCurvesOut) {
  picture_.theme = view::ThemeKind::kDark;
  picture_.curves[0].hidden = true;
  const ChartPicture drawn = draw();
  const Png png(png_of(drawn.width, drawn.height, drawn.rgba));
  EXPECT_EQ(difference(png.at(1, 1), view::theme_of(view::ThemeKind::kDark).pane()), 0);
  EXPECT_EQ(count_of(png, drawn.area, kBlue), 0);
  EXPECT_GT(count_of(png, drawn.area, kOrange), 300);
}

TEST_F(ChartPictureTest, LeavesTheWindowsContextAlone) {
  ImGuiContext* const window = ImGui::CreateContext();
  ImGui::SetCurrentContext(window);
  EXPECT_EQ(draw(1).width, 800);
  EXPECT_EQ(ImGui::GetCurrentContext(), window);
  ImGui::DestroyContext(window);
}

}  // namespace
}  // namespace realm::platform
