#include "app/services/run_shelf.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "engine/base/error.h"
#include "storage/run_upkeep.h"
#include "trainer/saved_checkpoints.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

// The first that a run has is its headline.
struct Headline {
  std::string_view name, label;
  bool higher_is_better;
};
constexpr std::array kHeadlines = {
    Headline{"held_out/p_y", "p(y|x)", true}, Headline{"held_out/recall_at_5", "recall@5", true},
    Headline{"held_out/loss", "held-out loss", false}, Headline{"loss", "loss", false}};
constexpr std::array<std::string_view, kHeadlines.size()> kNames = {
    kHeadlines[0].name, kHeadlines[1].name, kHeadlines[2].name, kHeadlines[3].name};

std::optional<view::RunHeadline> headline_of(const RunNumbers& numbers) {
  for (const Headline& headline : kHeadlines) {
    const auto found = numbers.ranges.find(headline.name);
    if (found == numbers.ranges.end()) continue;
    view::RunHeadline out{
        std::string(headline.name), std::string(headline.label), found->second.last, {}};
    if (found->second.is_finite)
      out.best = headline.higher_is_better ? found->second.highest : found->second.lowest;
    return out;
  }
  return std::nullopt;
}

bool is_same(const RunSummary& a, const RunSummary& b) {
  return a.id == b.id && a.state == b.state && a.step == b.step && a.total_steps == b.total_steps &&
         a.stage == b.stage && a.heartbeat == b.heartbeat && a.attempt == b.attempt &&
         a.launch == b.launch && a.exit_message == b.exit_message && a.waiting == b.waiting &&
         a.tags == b.tags && a.note == b.note && a.deleted == b.deleted;
}

bool take(std::vector<RunSummary> runs, std::shared_ptr<const std::vector<RunSummary>>& into) {
  if (std::equal(runs.begin(), runs.end(), into->begin(), into->end(), is_same)) return false;
  into = std::make_shared<const std::vector<RunSummary>>(std::move(runs));
  return true;
}

}  // namespace

bool RunShelf::read(const RunReader& reader, view::TrainSnapshot& now) {
  launches_.take_answer();
  std::vector<RunSummary> runs = reader.runs();
  launches_.apply(runs);
  bool changed = take(std::move(runs), now.runs);
  changed = take(reader.deleted_runs(), now.deleted) || changed;
  if (!std::exchange(has_looked_, true)) {
    for (const RunSummary& run : *now.deleted) trash_.insert(run.id);
  }
  changed = read_headlines(reader, now) || changed;
  std::map<RunId, std::string> wrong = troubles(*now.runs);
  if (wrong != now.troubles) {
    now.troubles = std::move(wrong);
    changed = true;
  }
  std::map<RunId, std::vector<int64_t>> steps = checkpoints(*now.runs);
  if (steps != now.checkpoints) {
    now.checkpoints = std::move(steps);
    changed = true;
  }
  return changed;
}

bool RunShelf::read_headlines(const RunReader& reader, view::TrainSnapshot& now) {
  bool changed = false;
  std::map<RunId, RunNumbers> kept;
  std::map<RunId, view::RunHeadline> headlines;
  for (const RunSummary& run : *now.runs) {
    RunNumbers& numbers = kept[run.id];
    if (const auto known = numbers_.find(run.id); known != numbers_.end())
      numbers = std::move(known->second);
    numbers.run = run.id;
    try {
      changed = reader.read_numbers(numbers, kNames) || changed;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kNotFound) throw;  // removed since the list was read
    }
    if (auto headline = headline_of(numbers)) headlines.emplace(run.id, std::move(*headline));
  }
  changed = changed || headlines.size() != now.headlines.size();
  numbers_ = std::move(kept);
  if (changed) now.headlines = std::move(headlines);
  return changed;
}

std::map<RunId, std::string> RunShelf::troubles(const std::vector<RunSummary>& runs) const {
  std::map<RunId, std::string> out;
  for (const RunSummary& run : runs) {
    const fs::path folder = database_.parent_path() / run.id;
    std::error_code error;
    const fs::file_status status = fs::status(folder / "config.json", error);
    if (status.type() == fs::file_type::not_found) {
      const bool has_folder = fs::exists(folder, error);
      out[run.id] = has_folder ? "Its folder has no config.json any more, so it cannot go on."
                               : "Its folder is gone, so it cannot go on.";
    } else if (error) {
      out[run.id] = fmt::format("Its folder cannot be read: {}.", error.message());
    }
  }
  return out;
}

std::map<RunId, std::vector<int64_t>> RunShelf::checkpoints(
    const std::vector<RunSummary>& runs) const {
  std::map<RunId, std::vector<int64_t>> out;
  for (const RunSummary& run : runs) {
    for (const CheckpointFolder& checkpoint : saved_checkpoints(database_.parent_path() / run.id))
      out[run.id].push_back(checkpoint.step);
  }
  return out;
}

void RunShelf::erase(const RunId& run) {
  delete_run(database_, run);
  trash_.insert(run);
}

void RunShelf::put_back(const RunId& run) {
  undelete_run(database_, run);
  trash_.erase(run);
}

void RunShelf::empty_trash() noexcept {
  for (const RunId& run : std::exchange(trash_, {})) {
    try {
      purge_run(database_, run);
    } catch (const std::exception&) {
      // It stays in the trash: the next window shows it there.
    }
  }
}

}  // namespace realm
