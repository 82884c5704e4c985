#include "tests/app/services/launch/slurm_stand_in.h"

#include <cstdlib>

namespace realm::testing {
namespace {

namespace fs = std::filesystem;

std::string set_path(const std::string& path) {
  const char* const before = std::getenv("PATH");
  std::string out = before == nullptr ? "" : before;
  setenv("PATH", path.c_str(), 1);
  return out;
}

}  // namespace

SlurmStandIn::SlurmStandIn() {
  does("sbatch", "echo 17");
  does("squeue", "true");
  does("scancel", "true");
  const char* const before = std::getenv("PATH");
  path_before_ = set_path(folder_.path().string() + ":" + (before == nullptr ? "" : before));
}

SlurmStandIn::~SlurmStandIn() { set_path(path_before_); }

void SlurmStandIn::does(const std::string& program, const std::string& script) const {
  const fs::path calls = folder_ / (program + ".calls");
  const fs::path file = folder_.write(
      program, "#!/bin/sh\necho \"$*\" >> '" + calls.string() + "'\n" + script + "\n");
  fs::permissions(file, fs::perms::owner_all);
}

void SlurmStandIn::queue(const std::string& lines) const { does("squeue", "echo '" + lines + "'"); }

std::string SlurmStandIn::calls(const std::string& program) const {
  const fs::path file = folder_ / (program + ".calls");
  return fs::exists(file) ? read_file(file) : "";
}

WithoutSlurm::WithoutSlurm() : path_before_(set_path(folder_.path().string())) {}
WithoutSlurm::~WithoutSlurm() { set_path(path_before_); }

}  // namespace realm::testing
