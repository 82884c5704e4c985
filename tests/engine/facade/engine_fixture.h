// An engine over the small reference model and twelve passages, with the reference encoder as the
// baseline, for the tests of the facade.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "engine/base/error.h"
#include "engine/realm_engine.h"
#include "tests/engine/facade/facade_world.h"
#include "tests/support/temp_directory.h"

namespace realm::testing {

inline constexpr const char* kOneMask =
    "Vienna is the capital of [[Austria]]. The city lies on the Danube.";
inline constexpr const char* kThreeMasks =
    "Vienna is the [[capital of]] Austria.";  // capital o ##f

// One engine for all tests: it has no state that a question leaves behind.
class Engines : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  static Knowledge knowledge() {
    return {*corpus_, **index_, engine_->card().embedder_fingerprint, 0};
  }
  static AskResult ask(const AskQuery& query) { return engine_->ask(query, knowledge(), {}); }
  static AskQuery about(const std::string& text, int candidates = 8) {
    AskQuery query;
    query.text = text;
    query.candidates = candidates;
    return query;
  }
  template <typename Call>
  static void expect_error(const Call& call, ErrorCode code, const std::string& named) {
    try {
      call();
      FAIL() << "no error: " << named;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      EXPECT_THAT(error.what(), ::testing::HasSubstr(named));
    }
  }

  static TempDirectory* folder_;
  static RealmEngine* engine_;
  static FacadeCorpus* corpus_;
  static std::shared_ptr<const MipsIndex>* index_;
};

}  // namespace realm::testing
