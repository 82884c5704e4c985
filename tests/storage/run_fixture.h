// A run database of a test's own, with clocks that the test moves.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/run_database.h"
#include "storage/run_schema.h"
#include "tests/support/temp_directory.h"

namespace realm::testing {

class RunFixture : public ::testing::Test {
 protected:
  RunFixture() : file(folder / "runs/runs.sqlite") {
    options.clock = [this] { return time; };
    reader_options.clock = [this] { return time; };
  }
  RunId create(const std::string& id = "run-1") {
    return RunWriter::create_run(file, {id, "pretrain", "{\"steps\": 10}", 10}, options);
  }
  std::unique_ptr<RunWriter> writer(std::optional<int64_t> resume_step = std::nullopt) {
    return RunWriter::open_run(file, "run-1", resume_step, options);
  }
  std::unique_ptr<RunReader> reader() const { return RunReader::open(file, reader_options); }
  static std::vector<Scalar> loss(std::initializer_list<int64_t> steps) {
    std::vector<Scalar> scalars;
    for (const int64_t step : steps)
      scalars.push_back({step, "loss", 1.0 / static_cast<double>(step + 1), 0});
    return scalars;
  }
  // Changes a run's row as no trainer would.
  void set(const std::string& assignment) const {
    Database database(file, run_database_options(Database::Mode::kReadWrite));
    database.exec(("UPDATE runs SET " + assignment).c_str());
  }

  TempDirectory folder;
  std::filesystem::path file;
  UnixMillis time = 1'700'000'000'000;  // 2023-11-14 22:13:20 UTC
  RunWriterOptions options;
  RunReaderOptions reader_options;
};

}  // namespace realm::testing
