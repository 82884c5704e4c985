// The queries of a workspace that its runs shall watch: probes.jsonl in its folder, JSON Lines
// {"name", "text" with [[answer]], "title"?} as a run's option `probes` takes them
// (trainer/tasks/probe_queries.h). Functions without state; they block on disk.
#pragma once

#include <filesystem>
#include <string>

namespace realm {

struct WatchedQuery {
  std::string text{};    // hides its answer as [[...]]
  std::string answer{};  // names it
  std::string title{};   // of the passage whose rank is followed; empty: none
};

std::filesystem::path probes_file(const std::filesystem::path& workspace);

// Adds it to the file, which is made where there is none, and returns the name that it got: its
// answer, with a number where that is taken. Throws Error{kInvalidArgument} for a text that stands
// there already, Error{kIo}.
std::string watch_query(const std::filesystem::path& workspace, const WatchedQuery& query);

}  // namespace realm
