// VirtualDisplay: an Xvfb of this process's own, drawn by the processor. Ended with its owner. One
// thread.
#pragma once

#include <memory>
#include <string>

#include "tests/support/child_process.h"
#include "tests/support/temp_directory.h"

namespace realm::testing {

class VirtualDisplay {
 public:
  // `screen`: "WIDTHxHEIGHTxDEPTH". Blocks until clients can connect, ten seconds at most. Throws
  // std::runtime_error where Xvfb (package xvfb) is not installed or does not start.
  explicit VirtualDisplay(const std::string& screen);

  const std::string& name() const noexcept { return name_; }  // for the variable DISPLAY: ":3"

 private:
  TempDirectory folder_;
  std::unique_ptr<ChildProcess> server_;
  std::string name_;
};

}  // namespace realm::testing
