// Films of probe queries and samples in the Train workspace.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "app/panels/train_panel.h"
#include "tests/app/panels/headless.h"

namespace realm::panels {
namespace {

using ::testing::ElementsAre;
using testing::Headless;

const char* const kDocuments =
    R"("documents": [{"id": 7, "title": "Beda %s", "p_z_given_x": 0.75, "p_y_given_zx": 0.5,
        "retrieval_utility": 2.5, "credit": -0.125}, {"is_null": true, "p_z_given_x": 0.25},
       {"title": ""}])";

class TrainFilmTest : public ::testing::Test {
 protected:
  void SetUp() override {
    window_.open();
    window_.apply(view::SetTab{view::Tab::kTrain});
  }
  void show(bool with_films, bool with_samples) {
    RunSummary run;
    run.id = "r";
    run.task = "pretrain";
    run.state = RunState::kRunning;
    auto detail = std::make_shared<view::RunDetail>();
    detail->run = "r";
    detail->attempt = 1;
    detail->events = std::make_shared<const std::vector<RunEvent>>();
    std::vector<RunProbe> probes;
    for (const char* name : {"river", "odd %n"}) {
      for (const int step : {0, 10, 20, 30}) {
        if (!with_films) continue;
        probes.push_back({step, name,
                          fmt::format(R"({{"p_y_given_x": {}, "p_y_null": 0.01, {},
                                           "query": {{"text": "The [[Rhine]] %s."}},
                                           "gold": {{"title": "Beda %s", "rank": {}}}}})",
                                      0.1 * (step / 10 + 1), kDocuments, 40 - step),
                          0});
      }
    }
    detail->films = view::films_of(probes);
    std::vector<view::TrainingSample> samples;
    for (const int step : {10, 20}) {
      if (!with_samples) continue;
      samples.push_back(view::sample_of({"sample", step, fmt::format("{} is [[Rhine]] %s.", step),
                                         fmt::format("{{{}}}", kDocuments), 0}));
    }
    detail->samples = std::make_shared<const std::vector<view::TrainingSample>>(std::move(samples));
    view::TrainSnapshot snapshot;
    snapshot.runs = std::make_shared<const std::vector<RunSummary>>(std::vector{run});
    snapshot.followed = {std::move(detail)};
    snapshot.checkpoints = {{"r", {10, 30}}};
    window_.show_runs(std::move(snapshot));
    window_.frames(2);
  }
  const view::TrainLook& look() const { return window_.state().train.look; }
  const view::FilmCharts& charts() const { return look().film_charts; }
  // In a window where both charts are.
  void show_charts() {
    window_.resize(1920, 1080);
    show(true, false);
    window_.click("train.tab.probes");
    window_.frames(2);
    ASSERT_TRUE(window_.has("train.film.ranks"));
  }
  void turn_wheel(const char* over) {
    window_.hover(over);
#if IMGUI_VERSION_NUM >= 18700
    ImGui::GetIO().AddMouseWheelEvent(0, 1);
#else
    ImGui::GetIO().MouseWheel = 1;
#endif
    window_.frames(2);
  }
  Headless window_;
};

TEST_F(TrainFilmTest, WithoutQueriesOrSamplesSaysHowToGetSome) {
  show(false, false);
  for (const char* tab : {"train.tab.probes", "train.tab.samples"}) {
    window_.click(tab);
    window_.frames(2);
    EXPECT_FALSE(window_.has("train.film.0"));
    EXPECT_FALSE(window_.has("train.sample.0"));
  }
}

TEST_F(TrainFilmTest, TheSliderGoesThroughTheMeasurements) {
  show(true, false);
  window_.click("train.tab.probes");
  window_.frames(2);
  EXPECT_TRUE(window_.has("train.film.slider"));
  EXPECT_TRUE(window_.has("train.film.chances"));
  EXPECT_FALSE(look().film_step) << "the newest";
  window_.click("train.film.before");
  EXPECT_EQ(look().film_step, 20);
  window_.click("train.film.before");
  EXPECT_EQ(look().film_step, 10);
  window_.click("train.film.slider");  // in its middle, between 10 and 20
  EXPECT_TRUE(look().film_step == 10 || look().film_step == 20);
  window_.click("train.film.after");
  window_.click("train.film.after");
  EXPECT_FALSE(look().film_step) << "what comes is followed";
  window_.click("train.film.1");
  EXPECT_EQ(look().film, "odd %n");
  window_.frames(2);
  EXPECT_TRUE(window_.has("train.film.line"));
}

TEST_F(TrainFilmTest, ADoubleClickAsksTheQuery) {
  show(true, false);
  window_.click("train.tab.probes");
  window_.frames(2);
  window_.double_click("train.film.0");
  EXPECT_EQ(window_.state().tab, view::Tab::kAsk);
  EXPECT_EQ(window_.state().ask.sentence.text(), "The [[Rhine]] %s.");
}

TEST_F(TrainFilmTest, AMeasurementIsAskedWithTheCheckpointAtItOrBefore) {
  show(true, false);
  window_.click("train.tab.probes");
  window_.frames(2);
  window_.click("train.film.before");
  ASSERT_EQ(look().film_step, 20);
  window_.click("train.film.ask");
  const auto* asked = window_.sent_to_training<view::PublishCheckpoint>();
  ASSERT_NE(asked, nullptr);
  EXPECT_EQ(asked->step, 10);
  ASSERT_TRUE(window_.state().train.checkpoint);
  EXPECT_EQ(window_.state().train.checkpoint->text, "The [[Rhine]] %s.");
}

TEST_F(TrainFilmTest, AMeasurementBeforeAllCheckpointsIsNotAsked) {
  show(true, false);
  window_.click("train.tab.probes");
  for (int i = 0; i < 3; ++i) window_.click("train.film.before");
  ASSERT_EQ(look().film_step, 0);
  window_.click("train.film.ask");
  EXPECT_EQ(window_.sent_to_training<view::PublishCheckpoint>(), nullptr);
}

TEST_F(TrainFilmTest, ItsCurvesAreSavedAsAPicture) {
  show(true, false);
  window_.click("train.tab.probes");
  window_.frames(2);
  window_.right_click("train.film.chances");
  window_.click("train.film.chances.save_png");
  window_.frames(2);
  EXPECT_EQ(window_.state().popup_text, "river.png");
  window_.click("save_curves.go");
  const view::Effects& effects = window_.effects();
  const auto drawn = std::find_if(effects.begin(), effects.end(), [](const view::Effect& effect) {
    return std::holds_alternative<view::DrawCurves>(effect);
  });
  ASSERT_NE(drawn, effects.end());
  EXPECT_EQ(std::get<view::DrawCurves>(*drawn).file, "river.png");
  EXPECT_EQ(std::get<view::DrawCurves>(*drawn).picture->curves.size(), 2U);
}

TEST_F(TrainFilmTest, ItsChartsAreZoomedMovedAndFittedWithOneAxis) {
  show_charts();
  turn_wheel("train.film.chances");
  ASSERT_TRUE(charts().chances.x_low && charts().chances.x_high && charts().chances.y_low);
  EXPECT_GT(*charts().chances.x_low, 0);
  EXPECT_LT(*charts().chances.x_high, 30);
  EXPECT_EQ(charts().ranks.x_low, charts().chances.x_low);
  EXPECT_FALSE(charts().ranks.y_low);
  EXPECT_FALSE(look().low) << "the charts of the run stay as they are";
  const double low = *charts().chances.x_low;
  window_.drag("train.film.ranks", 60, 0);
  EXPECT_LT(*charts().chances.x_low, low) << "earlier steps have come into sight";
  window_.double_click("train.film.chances");
  EXPECT_FALSE(charts().chances.x_low || charts().ranks.x_low || charts().chances.y_low);
  EXPECT_TRUE(charts().chances.log_y);
}

TEST_F(TrainFilmTest, ItsCurvesAreHiddenAndShown) {
  show_charts();
  window_.click("train.film.chances.legend.1");
  EXPECT_THAT(charts().hidden, ElementsAre("p(y|\u2205,x)"));
  window_.click("train.film.chances.legend.1");
  EXPECT_TRUE(charts().hidden.empty());
  window_.click("train.film.ranks.legend.0");
  EXPECT_EQ(charts().hidden.size(), 1U);
  window_.click("train.film.1");
  window_.frames(2);
  EXPECT_EQ(charts().hidden.size(), 1U) << "of every query";
  EXPECT_TRUE(window_.has("train.film.ranks.legend.0")) << "the way back";
}

TEST_F(TrainFilmTest, TheMenuOfItsChartsWorks) {
  show_charts();
  window_.right_click("train.film.chances");
  window_.click("train.film.chances.log");
  EXPECT_FALSE(charts().chances.log_y);
  EXPECT_TRUE(charts().ranks.log_y) << "an axis of its own";
  window_.right_click("train.film.ranks");
  window_.click("train.film.ranks.follow");
  EXPECT_TRUE(charts().ranks.follow);
  EXPECT_TRUE(charts().chances.follow);
  turn_wheel("train.film.ranks");
  ASSERT_TRUE(charts().ranks.x_low);
  window_.right_click("train.film.ranks");
  window_.click("train.film.ranks.fit");
  EXPECT_FALSE(charts().ranks.x_low || charts().chances.x_low);
  EXPECT_TRUE(charts().ranks.follow);
  EXPECT_FALSE(look().follow);
}

TEST_F(TrainFilmTest, ASampleShowsWhatWasRetrievedAndIsAsked) {
  show(false, true);
  window_.click("train.tab.samples");
  window_.frames(2);
  window_.click("train.sample.1");
  EXPECT_EQ(look().sample, "10: 10 is [[Rhine]] %s.");
  window_.frames(2);
  window_.click("train.sample.ask");
  EXPECT_EQ(window_.state().tab, view::Tab::kAsk);
  EXPECT_EQ(window_.state().ask.sentence.text(), "10 is [[Rhine]] %s.");
}

TEST_F(TrainFilmTest, FitsSmallAndLargeWindows) {
  for (const auto& [width, height] : {std::pair{640.0F, 420.0F}, std::pair{1920.0F, 1080.0F}}) {
    window_.resize(width, height);
    for (const char* tab : {"train.tab.probes", "train.tab.samples"}) {
      show(true, true);
      view::TrainLook next = look();
      next.bottom = std::string_view(tab) == "train.tab.probes" ? view::TrainBottom::kProbes
                                                                : view::TrainBottom::kSamples;
      window_.apply(view::SetTrainLook{next});
      window_.frames(2);
      EXPECT_GT(window_.vertices(), 0);
    }
  }
}

TEST_F(TrainFilmTest, WatchesAQueryOfAsk) {
  show(false, false);
  window_.apply(view::SetTab{view::Tab::kAsk});
  EXPECT_FALSE(view::command_state(window_.state(), "ask.watch_query").enabled);
  window_.ask("3 is a [[Fermat]] prime.");
  window_.answer(testing::fermat_result());
  window_.apply(view::RunCommand{"ask.watch_query"});
  const auto* watch = window_.sent_to_training<view::WatchQuery>();
  ASSERT_NE(watch, nullptr);
  EXPECT_EQ(watch->answer, "Fermat");
  EXPECT_FALSE(watch->text.empty());
}

TEST_F(TrainFilmTest, ANewRunWatchesTheKeptQueries) {
  view::TrainSnapshot snapshot;
  snapshot.probes_file = "/w/probes.jsonl";
  window_.show_runs(std::move(snapshot));
  window_.apply(view::RunCommand{"train.new"});
  const auto& settings = window_.state().train.form->plan.settings;
  EXPECT_NE(std::find(settings.begin(), settings.end(), "probes=/w/probes.jsonl"), settings.end());
}

}  // namespace
}  // namespace realm::panels
