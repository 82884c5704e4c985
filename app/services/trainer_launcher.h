// Starting realm-train for a run (DESIGN.md section 5.4): a process in a session of its own, so
// that it outlives the window and the terminal. What it says goes to trainer.log in the run's
// folder; what it measures to the run database. It runs at a lower priority than this process, so
// that it never takes the processor from the window.
//
// Thread-safe. Does not wait for the trainer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace realm {

// Starts `ranks` processes, at least one, that train the run together on this machine
// (trainer/parallel/rank_group.h). Returns the process id of the first, which is the run's trainer
// to everybody else; the others end with it. Throws Error{kIo} naming the program and the reason
// where one cannot be started; then none is left.
int64_t launch_trainer(const std::filesystem::path& program,
                       const std::filesystem::path& run_folder, int ranks = 1);

// Whether a trainer that this process launched has ended: its exit code (128 + the signal where one
// ended it); nullopt: it still runs. To be asked until it says so, once.
std::optional<int> trainer_exit(int64_t pid);

// Asks it to save and leave.
void ask_trainer_to_leave(int64_t pid);

// The last lines of trainer.log, for a sentence about a trainer that left without an exit record.
std::string trainer_log_tail(const std::filesystem::path& run_folder, int lines);

}  // namespace realm
