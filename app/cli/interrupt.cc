#include "app/cli/interrupt.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>

namespace realm {

InterruptWatch::InterruptWatch() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  signals_ = signalfd(-1, &signals, SFD_CLOEXEC);
  end_ = eventfd(0, EFD_CLOEXEC);
  if (signals_ < 0 || end_ < 0)
    return;  // out of descriptors: the signals end the program as they always do
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  watcher_ = std::jthread([signals_fd = signals_, end_fd = end_, source = source_]() mutable {
    std::array<pollfd, 2> events = {pollfd{signals_fd, POLLIN, 0}, pollfd{end_fd, POLLIN, 0}};
    while (true) {
      if (poll(events.data(), events.size(), /*timeout=*/-1) < 0) continue;
      if ((events[1].revents & POLLIN) != 0) return;
      signalfd_siginfo signal{};
      if (read(signals_fd, &signal, sizeof(signal)) != static_cast<ssize_t>(sizeof(signal)))
        continue;
      if (source.stop_requested()) _exit(128 + static_cast<int>(signal.ssi_signo));
      source.request_stop();
    }
  });
}

InterruptWatch::~InterruptWatch() {
  if (watcher_.joinable()) {
    eventfd_write(end_, 1);
    watcher_.join();
  }
  if (signals_ >= 0) close(signals_);
  if (end_ >= 0) close(end_);
}

}  // namespace realm
