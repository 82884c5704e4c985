#include "tests/support/virtual_display.h"

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace realm::testing {

using namespace std::chrono_literals;

VirtualDisplay::VirtualDisplay(const std::string& screen) {
  const std::filesystem::path number = folder_ / "display";
  try {
    // The server chooses a free number itself and writes it when it is ready.
    server_ = std::make_unique<ChildProcess>(ChildProcess::Start{
        .program = "Xvfb",
        .arguments = {"-displayfd", "1", "-screen", "0", screen, "-nolisten", "tcp"},
        .output = number});
  } catch (const std::runtime_error&) {
    throw std::runtime_error("Xvfb (package xvfb) is not installed");
  }
  for (int i = 0; i < 1000 && !server_->has_ended(); ++i) {
    std::ifstream stream(number);
    std::string digits;
    if (std::getline(stream, digits) && !stream.eof()) {
      name_ = ":" + digits;
      return;
    }
    std::this_thread::sleep_for(10ms);
  }
  throw std::runtime_error("Xvfb does not start");
}

}  // namespace realm::testing
