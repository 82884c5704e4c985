#include "tests/benchmarks/display.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>

#include "tests/benchmarks/benchmark_world.h"
#include "tests/benchmarks/child_process.h"

namespace realm::benchmarks {
namespace {

using namespace std::chrono_literals;

struct VirtualDisplay {
  std::unique_ptr<ChildProcess> server;
  Display display;
};

VirtualDisplay start_xvfb() {
  const std::filesystem::path number = scratch_folder() / "display";
  VirtualDisplay out;
  try {
    out.server = std::make_unique<ChildProcess>(ChildProcess::Start{
        .program = "Xvfb",
        .arguments = {"-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"},
        .output = number});
  } catch (const std::runtime_error&) {
    throw std::runtime_error("there is no display, and Xvfb (package xvfb) is not installed");
  }
  for (int i = 0; i < 1000 && !out.server->has_ended(); ++i) {  // ten seconds
    std::ifstream stream(number);
    std::string digits;
    if (std::getline(stream, digits) && !stream.eof()) {
      out.display = {":" + digits, "Xvfb, drawn by the processor"};
      return out;
    }
    std::this_thread::sleep_for(10ms);
  }
  throw std::runtime_error("there is no display, and Xvfb does not start");
}

}  // namespace

const Display& display() {
  const char* name = std::getenv("DISPLAY");
  if (name != nullptr && *name != '\0') {
    static const Display users{name, std::string("display ") + name};
    return users;
  }
  static const VirtualDisplay virtual_display = start_xvfb();
  return virtual_display.display;
}

}  // namespace realm::benchmarks
