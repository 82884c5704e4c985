// Runs another program to its end: with its arguments as they are (no shell), in a folder, its
// output in a log file. Used by storage/packages and by the launchers of app/services.
//
// Thread rule: any thread; blocks until the program has ended. The program is the first of a
// process group of its own, so that Ctrl+C at the terminal reaches it only through the stop token,
// and what it started ends with it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace realm {

struct ChildCommand {
  std::vector<std::string> arguments;  // the program first: a path, or a name looked for in PATH
  std::filesystem::path folder;        // where it runs
  std::filesystem::path log;           // its standard output and error are appended
  std::chrono::milliseconds time_limit{0};  // 0: none
  std::filesystem::path output{};  // its standard output goes here instead, where it is named
};

// Its exit code, 128 + N when signal N ended it. `tick` is called every 50 ms. Throws
// Error{kNotFound} when there is no such program, Error{kCancelled} within 100 ms of a request to
// stop and Error{kIo} when the time is over, both once the program was ended, Error{kIo} when it
// cannot be started.
int run_child(const ChildCommand& command, const std::stop_token& stop,
              const std::function<void()>& tick = {});

}  // namespace realm
