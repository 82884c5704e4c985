// The curve plot drawn by Dear ImGui without a display: mouse and wheel are given by the test.
// Debian's Dear ImGui aborts on a misuse, so that every frame drawn here is a test of that too.
#include "app/widgets/curve_plot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

namespace realm {
namespace {

void set_mouse(float x, float y) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMousePosEvent(x, y);
#else
  ImGui::GetIO().MousePos = {x, y};
#endif
}

void set_button(int button, bool down) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMouseButtonEvent(button, down);
#else
  ImGui::GetIO().MouseDown[button] = down;
#endif
}

void turn_wheel(float by) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMouseWheelEvent(0, by);
#else
  ImGui::GetIO().MouseWheel = by;
#endif
}

view::ShownCurve curve(std::string name, size_t points, double smoothing = 0.6) {
  view::CurveSeries series{.name = std::move(name), .x = {}, .y = {}};
  for (size_t i = 0; i < points; ++i) {
    series.x.push_back(static_cast<double>(i));
    series.y.push_back(i % 50 == 49 ? std::numeric_limits<double>::quiet_NaN()
                                    : 2 + std::sin(static_cast<double>(i)));
  }
  return {.curve = view::prepare_curve(std::make_shared<const view::CurveSeries>(std::move(series)),
                                       smoothing),
          .color = view::series_color(view::ThemeKind::kLight, 0),
          .hidden = false};
}

// The plot in a window without a display; what it gives is taken over, as its callers do.
class CurvePlotTest : public ::testing::Test {
 protected:
  CurvePlotTest() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {900, 600};
    ImFontConfig config;
    config.SizePixels = 13;
    ImFont* font = io.Fonts->AddFontDefault(&config);
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    ui_.fonts = {font, font, font, font, font, font};
    ui_.theme = &view::theme_of(view::ThemeKind::kLight);
    ui_.widgets = &widgets_;
    set_mouse(-1, -1);
    curves_ = {curve("loss", 1000), curve("recall", 300, 0)};
  }
  ~CurvePlotTest() override { ImGui::DestroyContext(); }

  void frame() {
    ImGui::GetIO().DeltaTime = 1 / 60.0F;
    ui_.now += 1 / 60.0;
    widgets_.clear();
    ImGui::NewFrame();
    ui_.begin();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({900, 600});
    ImGui::Begin("window", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
    last_ = widgets::curve_plot(ui_, "plot", {10, 10, 800, 400},
                                {.title = "Training", .curves = curves_, .view = view_});
    ImGui::End();
    ImGui::Render();
    vertices_ = ImGui::GetDrawData()->TotalVtxCount;
    if (last_.view) view_ = *last_.view;
    if (last_.toggled) curves_[*last_.toggled].hidden = !curves_[*last_.toggled].hidden;
    copies_ += last_.wants_copy ? 1 : 0;
  }
  void frames(int count) {
    for (int i = 0; i < count; ++i) frame();
  }

  void hover(const std::string& name, float part_x = 0.5F, float part_y = 0.5F) {
    ASSERT_EQ(widgets_.count(name), 1U) << name;
    const view::Box box = widgets_[name];
    set_mouse(box.x + part_x * box.width, box.y + part_y * box.height);
    frames(2);
  }
  void click(const std::string& name, int button = 0) {
    hover(name);
    set_button(button, true);
    frame();
    set_button(button, false);
    frames(2);
  }

  widgets::Ui ui_;
  widgets::WidgetMap widgets_;
  std::vector<view::ShownCurve> curves_;
  view::PlotView view_;
  widgets::CurvePlotResult last_;
  int vertices_ = 0, copies_ = 0;
};

TEST_F(CurvePlotTest, DrawsInEveryStateOfItsCurves) {
  frames(2);
  EXPECT_GT(vertices_, 1000);
  curves_[0].hidden = curves_[1].hidden = true;
  frames(2);
  curves_ = {view::ShownCurve{}};
  frames(2);
  curves_.clear();
  frames(2);
  EXPECT_LT(vertices_, 300);
  curves_ = {curve("one", 1)};
  frames(2);
  view_.log_y = true;
  frames(2);
  curves_ = {curve(std::string(300, 'n'), 20)};
  frames(2);
  for (int i = 0; i < 40; ++i) curves_.push_back(curve("many", 50));
  frames(2);  // the legend leaves no room
}

TEST_F(CurvePlotTest, AClickInTheLegendHidesAndShows) {
  frames(2);
  click("plot.legend.1");
  EXPECT_TRUE(curves_[1].hidden);
  EXPECT_FALSE(curves_[0].hidden);
  click("plot.legend.1");
  EXPECT_FALSE(curves_[1].hidden);
}

TEST_F(CurvePlotTest, TheWheelZoomsAroundTheMouseAndADoubleClickShowsAll) {
  frames(2);
  hover("plot", 0.25F, 0.5F);
  const view::PlotRange before = view::shown_range(view_, curves_);
  turn_wheel(1);
  frames(2);
  const view::PlotRange after = view::shown_range(view_, curves_);
  EXPECT_NEAR(after.x_high - after.x_low, 0.8 * (before.x_high - before.x_low), 1e-6);
  EXPECT_NEAR(after.x_low + 0.25 * (after.x_high - after.x_low),
              before.x_low + 0.25 * (before.x_high - before.x_low), 1);

  for (int i = 0; i < 2; ++i) {
    set_button(0, true);
    frame();
    set_button(0, false);
    frame();
  }
  EXPECT_EQ(view_, view::PlotView{});
}

TEST_F(CurvePlotTest, ADragMovesTheContentWithTheMouse) {
  frames(2);
  hover("plot");
  const view::PlotRange before = view::shown_range(view_, curves_);
  const view::Box area = widgets_["plot"];
  const float x = area.x + area.width / 2, y = area.y + area.height / 2;
  set_button(0, true);
  frame();
  for (const float by : {20.0F, 50.0F, 80.0F}) {
    set_mouse(x + by, y);
    frame();
  }
  set_button(0, false);
  frames(2);
  const view::PlotRange after = view::shown_range(view_, curves_);
  EXPECT_NEAR(after.x_low - before.x_low, -80 / area.width * (before.x_high - before.x_low), 1e-3);
  EXPECT_FALSE(view_.y_low.has_value());
}

TEST_F(CurvePlotTest, TheCrosshairPointsAtASample) {
  frames(2);
  EXPECT_FALSE(last_.pointed_x.has_value());
  hover("plot", 0.5F);
  ASSERT_TRUE(last_.pointed_x.has_value());
  EXPECT_EQ(*last_.pointed_x, std::round(*last_.pointed_x));
  EXPECT_NEAR(*last_.pointed_x, 500, 2);
}

TEST_F(CurvePlotTest, TheMenuCopiesAndChangesTheAxis) {
  frames(2);
  click("plot", 1);
  click("plot.copy");
  EXPECT_EQ(copies_, 1);
  click("plot", 1);
  click("plot.log");
  EXPECT_TRUE(view_.log_y);
}

}  // namespace
}  // namespace realm
