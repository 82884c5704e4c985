// SlurmStandIn: programs named sbatch, squeue and scancel, first on the PATH while it lives. Each
// writes down its arguments, and does what the test says in sh.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "tests/support/temp_directory.h"

namespace realm::testing {

class SlurmStandIn {
 public:
  SlurmStandIn();   // sbatch prints 17, squeue nothing
  ~SlurmStandIn();  // puts PATH back
  SlurmStandIn(const SlurmStandIn&) = delete;
  SlurmStandIn& operator=(const SlurmStandIn&) = delete;

  void does(const std::string& program, const std::string& script) const;
  // As squeue would print it: "17|PENDING||Resources".
  void queue(const std::string& lines) const;
  // One line a call, its arguments with blanks between them; empty: it was not called.
  std::string calls(const std::string& program) const;
  const TempDirectory& folder() const { return folder_; }

 private:
  TempDirectory folder_;
  std::string path_before_;
};

// PATH without any Slurm.
class WithoutSlurm {
 public:
  WithoutSlurm();
  ~WithoutSlurm();
  WithoutSlurm(const WithoutSlurm&) = delete;
  WithoutSlurm& operator=(const WithoutSlurm&) = delete;

 private:
  TempDirectory folder_;
  std::string path_before_;
};

}  // namespace realm::testing
