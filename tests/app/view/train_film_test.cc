#include "app/view/train_film.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace realm::view {
namespace {

using ::testing::IsEmpty;

const char* const kProbe = R"({"query": {"text": "The river of [[Beda]]."}, "p_y_given_x": 0.4,
  "p_y_null": 0.5, "gold": {"title": "Beda", "rank": 3}, "index": {"age_steps": 12},
  "documents": [{"id": 7, "title": "Beda", "is_null": false, "p_z_given_x": 0.75,
                 "p_y_given_zx": 0.5, "retrieval_utility": 2.5, "credit": 0.125},
                {"title": "", "is_null": true, "p_z_given_x": 0.25}]})";

TEST(TrainFilm, ReadsAMeasurement) {
  const auto films = films_of({{4, "river", kProbe, 0}});
  ASSERT_EQ(films.size(), 1U);
  EXPECT_EQ(films[0]->text, "The river of [[Beda]].");
  EXPECT_EQ(films[0]->gold, "Beda");
  ASSERT_EQ(films[0]->frames.size(), 1U);
  const ProbeFrame& frame = films[0]->frames[0];
  EXPECT_EQ(frame.step, 4);
  EXPECT_EQ(frame.p, 0.4);
  EXPECT_EQ(frame.p_null, 0.5);
  EXPECT_EQ(frame.rank, 3);
  EXPECT_EQ(frame.index_age, 12);
  ASSERT_EQ(frame.documents.size(), 2U);
  EXPECT_EQ(frame.documents[0].id, 7);
  EXPECT_EQ(frame.documents[0].p_z, 0.75);
  EXPECT_EQ(frame.documents[0].credit, 0.125);
  EXPECT_TRUE(frame.documents[1].is_null);
  EXPECT_FALSE(frame.documents[1].p_y);
}

TEST(TrainFilm, GathersTheFramesOfEachQuery) {
  const auto films = films_of({{0, "a", R"({"p_y_given_x": 0.1})", 0},
                               {0, "a", R"({"baseline": {"p_y_given_x": 0.9}})", 0},
                               {0, "b", "no JSON", 0},
                               {5, "a", R"({"documents": 3, "gold": null, "p_y_null": "x"})", 0}});
  ASSERT_EQ(films.size(), 2U);
  ASSERT_EQ(films[0]->frames.size(), 2U);
  EXPECT_EQ(films[0]->frames[0].p, 0.1);
  EXPECT_EQ(films[0]->frames[0].p_bert, 0.9) << "measured at the same step";
  EXPECT_FALSE(films[0]->frames[1].p_null);
  EXPECT_THAT(films[0]->frames[1].documents, IsEmpty());
  EXPECT_FALSE(films[1]->frames[0].p);
}

TEST(TrainFilm, StopsAtTheMeasurementBeforeAStep) {
  ProbeFilm film;
  for (const int64_t step : {2, 4, 8}) film.frames.push_back({.step = step});
  EXPECT_EQ(frame_at(film, std::nullopt), 2U);
  EXPECT_EQ(frame_at(film, 0), 0U);
  EXPECT_EQ(frame_at(film, 4), 1U);
  EXPECT_EQ(frame_at(film, 7), 1U);
  EXPECT_EQ(frame_at(film, 99), 2U);
}

TEST(TrainFilm, ReadsASample) {
  const TrainingSample sample =
      sample_of({"sample", 9, "The [[Rhine]] flows.",
                 R"({"p_y_given_x": 0.25, "p_y_null": 1e-9, "gold": "Rhine",
                     "documents": [{"id": 1, "title": "Rhine", "p_z_given_x": 1}]})",
                 0});
  EXPECT_EQ(sample.step, 9);
  EXPECT_EQ(sample.p, 0.25);
  EXPECT_EQ(sample.gold, "Rhine");
  ASSERT_EQ(sample.documents.size(), 1U);
  EXPECT_EQ(key_of(sample), "9: The [[Rhine]] flows.");
  EXPECT_THAT(sample_of({"sample", 1, "x", "broken", 0}).documents, IsEmpty());
}

TEST(TrainFilm, BothChartsShowTheSamePartOfX) {
  FilmCharts charts;
  show_part(charts, FilmChart::kRanks,
            {.x_low = 1, .x_high = 5, .y_low = 2, .y_high = 9, .log_y = false, .follow = true});
  EXPECT_EQ(charts.ranks.y_low, 2);
  EXPECT_FALSE(charts.ranks.log_y);
  EXPECT_EQ(charts.chances.x_low, 1);
  EXPECT_EQ(charts.chances.x_high, 5);
  EXPECT_TRUE(charts.chances.follow);
  EXPECT_FALSE(charts.chances.y_low) << "values of its own";
  EXPECT_TRUE(charts.chances.log_y);
}

TEST(TrainFilm, BoundsAreOfTheirRunAndQuery) {
  FilmCharts charts = charts_for({}, "r", "river");
  show_part(charts, FilmChart::kChances, {.x_low = 1, .x_high = 5, .y_low = 2, .y_high = 9});
  charts.hidden = {"BERT"};
  EXPECT_EQ(charts_for(charts, "r", "river"), charts);
  const FilmCharts other_query = charts_for(charts, "r", "town");
  EXPECT_EQ(other_query.chances.x_low, 1) << "the same steps";
  EXPECT_FALSE(other_query.chances.y_low);
  const FilmCharts other_run = charts_for(charts, "s", "river");
  EXPECT_FALSE(other_run.chances.x_low);
  EXPECT_FALSE(other_run.ranks.x_high);
  EXPECT_FALSE(other_run.chances.y_high);
  EXPECT_FALSE(other_run.chances.log_y) << "what was chosen for every run";
  EXPECT_EQ(other_run.hidden, charts.hidden);
}

}  // namespace
}  // namespace realm::view
