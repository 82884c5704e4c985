// Runs the built `realm` as a user does, and workspaces that it is run on.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/temp_directory.h"

namespace realm::testing {

struct Outcome {
  int code = -1;         // exit code; 128 + the signal where one ended it
  std::string out, err;  // standard output and standard error
  // Standard output as one JSON document; fails the test, with what was printed, where it is none.
  nlohmann::json json() const;
};

struct RunOptions {
  std::filesystem::path folder;  // current folder; empty: the test's
  std::map<std::string, std::string>
      environment;  // set beside what the test has; REALM_WORKSPACE and
                    // OPENBLAS_CORETYPE are passed on only from here
};

Outcome run_realm(const std::vector<std::string>& arguments, const RunOptions& options = {});

// A workspace with the small model of the parity fixtures and twelve short passages.
class TinyWorkspace {
 public:
  enum class Content { kPassages, kEmpty };
  explicit TinyWorkspace(Content content = Content::kPassages);

  const std::filesystem::path& folder() const { return folder_; }
  const TempDirectory& temp() const { return temp_; }
  // realm --workspace FOLDER --quiet ARGUMENTS...
  Outcome run(std::vector<std::string> arguments) const;
  // The same with --json; the exit code must be 0.
  nlohmann::json json(std::vector<std::string> arguments) const;

  static std::filesystem::path model();  // the fixtures' folder with embedder/ and encoder/
  static std::string passages_jsonl();   // twelve rows
  // A copy of the model that differs in its vocabulary, so that its vectors belong to another
  // model.
  std::filesystem::path other_model() const;

 private:
  TempDirectory temp_;
  std::filesystem::path folder_;
};

}  // namespace realm::testing
