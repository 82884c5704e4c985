// Ctrl+C and SIGTERM as a stop token, so that a long command ends at a safe point. A second signal
// ends it at once.
#pragma once

#include <stop_token>
#include <thread>

namespace realm {

// Made first thing in main(), before any other thread: threads made later inherit that these
// signals are blocked, and programs started later must unblock them.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  int signals_ = -1, end_ = -1;  // descriptors that the watcher waits on; -1: there is no watch
  std::jthread watcher_;
};

}  // namespace realm
