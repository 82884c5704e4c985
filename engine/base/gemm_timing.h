// What measurements of matrix products share (gemm_rate.h, trainer/bf16_rate.h): functions of
// libraries that the program has loaded, their threads within a scope, and the fastest of several
// products.
//
// Thread rule: one caller at a time, as the number of a library's threads is the process's.
#pragma once

#include <dlfcn.h>

#include <algorithm>
#include <chrono>

#include "engine/base/gemm_rate.h"

namespace realm {

// nullptr: nothing that is loaded has it.
template <typename Function>
Function* loaded_function(const char* name) noexcept {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

// Sets a library's threads, by the names of its two functions; does nothing where it has them not.
class LibraryThreads {
 public:
  LibraryThreads(const char* get_name, const char* set_name, int threads) {
    auto* const get = loaded_function<int()>(get_name);
    set_ = loaded_function<void(int)>(set_name);
    if (get == nullptr || set_ == nullptr) return;
    before_ = get();
    set_(threads);
  }
  ~LibraryThreads() {
    if (before_ > 0) set_(before_);
  }
  LibraryThreads(const LibraryThreads&) = delete;
  LibraryThreads& operator=(const LibraryThreads&) = delete;

 private:
  void (*set_)(int) = nullptr;
  int before_ = 0;
};

// Floating-point operations a second of the fastest of as many products as `seconds` hold, one at
// least. `multiply` makes one and gives whether it could; 0: it could not.
template <typename Multiply>
double best_rate(const GemmShape& shape, double seconds, const Multiply& multiply) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point moment) {
    return std::chrono::duration<double>(Clock::now() - moment).count();
  };
  const double operations = 2.0 * shape.rows * shape.columns * shape.inner;
  const auto began = Clock::now();
  double best = 0;
  do {
    const auto start = Clock::now();
    if (!multiply()) return 0;
    best = std::max(best, operations / std::max(since(start), 1e-9));
  } while (since(began) < seconds);
  return best;
}

}  // namespace realm
