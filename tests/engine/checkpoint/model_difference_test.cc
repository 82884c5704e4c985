// Models kept as differences from a base.
#include "engine/checkpoint/model_difference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>

#include "engine/base/digest.h"
#include "engine/checkpoint/model_writer.h"
#include "tests/engine/checkpoint/checkpoint_test_support.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::expect_error;
using testing::TempDirectory;

ModelConfig small_config() {
  ModelConfig config = ModelConfig::bert();
  config.vocabulary = 60;
  config.hidden = 20;
  config.layers = 1;
  config.heads = 2;
  config.intermediate = 60;  // 60 x 20 values: coded; 20 x 20: whole
  config.positions = 8;
  return config;
}

class Difference : public ::testing::Test {
 protected:
  // A BERT with a head whose values are `value(tensor, index)`.
  template <typename Value>
  void write_model(const std::string& name, bool with_head, Value&& value) const {
    const ModelConfig config = small_config();
    std::deque<std::vector<float>> kept;
    std::vector<TensorToWrite> tensors;
    for (const ExpectedTensor& entry : expected_tensors(ModelPart::kBert, config)) {
      if (!entry.alias_of.empty() || entry.name.starts_with("realm.pooler")) continue;
      if (!with_head && entry.name.starts_with("cls.")) continue;
      int64_t count = 1;
      for (const int64_t size : entry.shape) count *= size;
      kept.emplace_back();
      for (int64_t i = 0; i < count; ++i) kept.back().push_back(value(entry.name, i));
      tensors.push_back({entry.name, entry.shape, ScalarType::kF32, kept.back()});
    }
    write_model_folder(folder_ / name, {ModelPart::kBert, config, tensors, {}, true});
  }
  void write_base() const {
    write_model("base", false,
                [](const std::string&, int64_t i) { return static_cast<float>(i % 5) * 0.25F; });
  }
  std::filesystem::path base() const { return folder_ / "base/model.safetensors"; }
  DifferenceReport make_difference() const {
    return write_difference(base(), ModelFolder::open(folder_ / "trained"), ModelPart::kBert,
                            folder_ / "difference");
  }
  PartTensors composed() const {
    compose_difference(base(), folder_ / "difference", folder_ / "whole");
    return ModelFolder::open(folder_ / "whole").load(ModelPart::kBert);
  }
  TempDirectory folder_;
};

constexpr const char* kWide = "realm.encoder.layer.0.intermediate.dense.weight";

TEST_F(Difference, OfMultiplesOfAScaleIsExact) {
  write_base();
  // Differences of -7 to 7 sixteenths: the scale of each group is 1/16.
  write_model("trained", true, [](const std::string& name, int64_t i) {
    const float base = static_cast<float>(i % 5) * 0.25F;
    return name == kWide ? base + static_cast<float>(i % 15 - 7) / 16.0F : base;
  });
  const DifferenceReport report = make_difference();
  EXPECT_EQ(report.coded, 1);
  EXPECT_EQ(report.whole, 5);  // the head: bias, transform's two, norm's two
  EXPECT_EQ(report.relative_error, 0);
  const PartTensors tensors = composed();
  EXPECT_NO_THROW(tensors.require_complete());
  EXPECT_TRUE(tensors.has_masked_language_head);
  const std::vector<float> wide = to_float32(tensors.at(kWide));
  for (size_t i = 0; i < wide.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    EXPECT_EQ(wide[i],
              static_cast<float>(at % 5) * 0.25F + static_cast<float>(at % 15 - 7) / 16.0F);
  }
  EXPECT_EQ(to_float32(tensors.at("realm.embeddings.word_embeddings.weight"))[3], 0.75F);
}

TEST_F(Difference, MissesAFewHundredthsOfSmoothOnes) {
  write_base();
  write_model("trained", true, [](const std::string& name, int64_t i) {
    const float base = static_cast<float>(i % 5) * 0.25F;
    return name == kWide ? base + 0.01F * std::sin(static_cast<float>(i)) : base;
  });
  const DifferenceReport report = make_difference();
  // Values between -1 and 1 in steps of 1/7: uniform rounding misses 1/7/sqrt(12) of an rms of
  // 1/sqrt(2).
  EXPECT_NEAR(report.relative_error, 1.0 / 7 / std::sqrt(12.0) * std::sqrt(2.0), 0.012);
  const std::vector<float> wide = to_float32(composed().at(kWide));
  for (size_t i = 0; i < wide.size(); ++i) {
    const float value = static_cast<float>(i % 5) * 0.25F + 0.01F * std::sin(static_cast<float>(i));
    // Half a step, and half precision's rounding near 1.
    EXPECT_NEAR(wide[i], value, 0.01 / 14 + 5e-4);
  }
}

TEST_F(Difference, FromAnotherBaseIsRefusedWithBothHashes) {
  write_base();
  write_model("trained", true,
              [](const std::string&, int64_t i) { return static_cast<float>(i % 7) * 0.125F; });
  make_difference();
  const std::string right = sha256_of_file(base());
  write_model("base", false, [](const std::string&, int64_t) { return 1.0F; });
  expect_error(ErrorCode::kMismatch, right.substr(0, 12), [&] { composed(); });
  expect_error(ErrorCode::kMismatch, sha256_of_file(base()).substr(0, 12), [&] { composed(); });
}

TEST_F(Difference, ThatIsAnotherFileIsRefused) {
  write_base();
  std::filesystem::create_directories(folder_ / "difference");
  std::filesystem::copy_file(folder_ / "base/config.json", folder_ / "difference/config.json");
  std::filesystem::copy_file(base(), folder_ / "difference/difference.safetensors");
  expect_error(ErrorCode::kCorruptData, "no difference", [&] { composed(); });
}

}  // namespace
}  // namespace realm
