// What a person does to runs that no process trains: tags and notes, more steps, the trash.
//
// A deleted run lies in runs/.trash/<id> and its row says since when, until it is put back or
// removed for good; each step of that may be cut short by a kill and done again. Functions without
// state; they block on disk. Errors are those of storage/run_database.h and
//   Error{kNotFound}  there is no such run
//   Error{kBusy}      a process trains it; the sentence names it and what was not done
//   Error{kIo}        its folder cannot be moved, written or removed
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "storage/run_values.h"

namespace realm {

struct RunNotes {
  std::vector<std::string> tags{};
  std::string note{};
  friend bool operator==(const RunNotes&, const RunNotes&) = default;
};

// The tags of a text with commas between them: without blanks around, each once, none empty.
std::vector<std::string> tags_of(std::string_view text);
std::string tags_text(const std::vector<std::string>& tags);  // "a, b"

// Also of a run that is being trained.
void set_run_notes(const std::filesystem::path& database, const RunId& run, const RunNotes& notes);

// Gives a run `more` steps, at least one, in config.json and in its row; its trainer is not
// started. From the newest checkpoint on it is a run of that many steps: the learning rate and
// every other share of the steps are those of the longer run at the same step, whatever the shorter
// one had there. Returns the new number of steps. Throws Error{kInvalidArgument} for fewer than one
// and for a task without steps.
int64_t extend_run(const std::filesystem::path& database, const RunId& run, int64_t more);

// To the trash. A folder that is gone already is none to move.
void delete_run(const std::filesystem::path& database, const RunId& run);
// Out of the trash; nothing to do for a run that is not in it.
void undelete_run(const std::filesystem::path& database, const RunId& run);
// Removes the folder of a run in the trash, then its rows. Nothing to do for a run that is not in
// it.
void purge_run(const std::filesystem::path& database, const RunId& run);

}  // namespace realm
