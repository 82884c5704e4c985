#include "app/view/theme.h"

#include <gtest/gtest.h>

namespace realm::view {
namespace {

class ThemeContrast : public ::testing::TestWithParam<ThemeKind> {};

TEST_P(ThemeContrast, TextIsReadable) {
  const Theme& theme = theme_of(GetParam());
  for (const Color ground : {theme.pane(), theme.window(), theme.hover(), theme.query_mark}) {
    EXPECT_GE(contrast_ratio(theme.text(), ground), 7);
    EXPECT_GE(contrast_ratio(theme.body(), ground), 4.5);
  }
  EXPECT_GE(contrast_ratio(theme.secondary(), theme.pane()), 4.5);
  EXPECT_GE(contrast_ratio(theme.secondary(), theme.window()), 4.5);
  EXPECT_GE(contrast_ratio(theme.accent, theme.pane()), 4.5);
  EXPECT_GE(contrast_ratio(theme.accent, theme.window()), 4.5);
  EXPECT_GE(contrast_ratio(theme.on_accent, theme.accent), 4.5);
  for (const Color mark :
       {theme.answer_mark, theme.hit_mark, theme.removed_mark, theme.added_mark, theme.selection}) {
    EXPECT_GE(contrast_ratio(theme.text(), mark), 4.5);
  }
}

INSTANTIATE_TEST_SUITE_P(Both, ThemeContrast,
                         ::testing::Values(ThemeKind::kLight, ThemeKind::kDark));

TEST(Theme, SourcesHaveTheSameColourInBoth) {
  const Theme &light = theme_of(ThemeKind::kLight), &dark = theme_of(ThemeKind::kDark);
  EXPECT_EQ(light.realm, rgb(0x0072B2));
  EXPECT_EQ(light.realm, dark.realm);
  EXPECT_EQ(light.bert, dark.bert);
  EXPECT_EQ(light.gold, dark.gold);
}

TEST(Color, MixesAndMeasures) {
  EXPECT_EQ(mix(rgb(0x000000), rgb(0xFFFFFF), 0.5), rgb(0x808080));
  EXPECT_NEAR(contrast_ratio(rgb(0x000000), rgb(0xFFFFFF)), 21, 1e-9);
}

}  // namespace
}  // namespace realm::view
