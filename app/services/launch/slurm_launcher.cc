#include "app/services/launch/slurm_launcher.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>

#include "app/services/launch/slurm_script.h"
#include "engine/base/atomic_file.h"
#include "engine/base/error.h"
#include "storage/packages/child_process.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using Phase = LaunchState::Phase;

constexpr size_t kMostWords = 300;  // bytes of what a program said, in a sentence

// A folder for what a program says, removed with its owner.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "realm-slurm-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw Error(ErrorCode::kIo,
                  fmt::format("No folder can be made in {}.", fs::temp_directory_path().string()));
    folder_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  fs::path file(const char* name) const { return folder_ / name; }
  std::string text(const char* name) const {
    std::ifstream stream(folder_ / name);
    std::ostringstream out;
    out << stream.rdbuf();
    return out.str();
  }

 private:
  fs::path folder_;
};

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  while (true) {
    const size_t end = text.find(at);
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

// "sbatch: error: invalid partition specified: x\nsbatch: error: ..." without the prefixes, on one
// line and without a full stop.
std::string words_of(const std::string& program, std::string_view said) {
  std::string out;
  for (std::string_view line : split(said, '\n')) {
    for (const std::string& prefix : {program + ": ", std::string("error: ")}) {
      if (line.starts_with(prefix)) line.remove_prefix(prefix.size());
    }
    if (line.empty()) continue;
    out += (out.empty() ? "" : "; ") + std::string(line);
  }
  while (out.ends_with('.') || out.ends_with(' ')) out.pop_back();
  return out.size() > kMostWords ? out.substr(0, kMostWords) + "..." : out;
}

struct Answer {
  int code = 0;
  std::string output, words;  // what it wrote, and what it said beside that
};

struct Question {
  std::vector<std::string> arguments;  // the program first
  fs::path folder{"/"};
  std::chrono::milliseconds patience;
};

Answer ask_program(const Question& question, const std::stop_token& stop = {}) {
  const Scratch scratch;
  const std::string& program = question.arguments.front();
  Answer answer;
  try {
    answer.code = run_child({question.arguments, question.folder, scratch.file("errors"),
                             question.patience, scratch.file("output")},
                            stop);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) throw;
    if (error.code() == ErrorCode::kNotFound) {
      throw Error(
          ErrorCode::kNotFound,
          fmt::format("Slurm is not on this machine: there is no {} on the PATH.", program));
    }
    throw Error(ErrorCode::kIo,
                fmt::format("Slurm did not answer {} within {:.3g} s; its controller may be down.",
                            program, static_cast<double>(question.patience.count()) / 1000));
  }
  answer.output = scratch.text("output");
  answer.words = words_of(program, scratch.text("errors"));
  return answer;
}

std::string why(const Answer& answer) {
  if (answer.words.find("configuration source") != std::string::npos)
    return "it is installed but not configured on this machine (no slurm.conf, no controller "
           "found)";
  return answer.words.empty() ? fmt::format("exit code {}", answer.code) : answer.words;
}

// "17" or "17;cluster"; sbatch may say more on other lines.
Launch launch_of(const std::string& output) {
  for (const std::string_view line : split(output, '\n')) {
    const std::vector<std::string_view> parts = split(line, ';');
    const bool is_number =
        !parts[0].empty() &&
        std::all_of(parts[0].begin(), parts[0].end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number) continue;
    return {.place = LaunchPlace::kSlurm,
            .job = std::string(parts[0]),
            .cluster = parts.size() > 1 ? std::string(parts[1]) : std::string()};
  }
  throw Error(ErrorCode::kIo,
              fmt::format("Slurm's sbatch was to print the number of a job, but it printed \"{}\".",
                          output.substr(0, kMostWords)));
}

LaunchState state_of(std::string_view state, std::string_view nodes, std::string_view reason) {
  static constexpr std::array kQueued = {"PENDING",     "CONFIGURING",  "REQUEUED",
                                         "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT"};
  static constexpr std::array kGone = {"COMPLETED",     "CANCELLED", "FAILED",    "TIMEOUT",
                                       "NODE_FAIL",     "PREEMPTED", "BOOT_FAIL", "DEADLINE",
                                       "OUT_OF_MEMORY", "REVOKED"};
  const auto among = [&](const auto& names) {
    return std::find(names.begin(), names.end(), state) != names.end();
  };
  if (among(kGone)) return {Phase::kGone, std::string(state)};
  if (among(kQueued)) return {Phase::kQueued, reason == "None" ? "" : std::string(reason)};
  return {Phase::kRunning, std::string(nodes)};
}

void add_cluster(std::vector<std::string>& arguments, const std::string& cluster) {
  if (!cluster.empty()) arguments.push_back("--clusters=" + cluster);
}

// By the job's number. A job that Slurm has forgotten is not among them.
using JobStates = std::map<std::string, LaunchState, std::less<>>;

JobStates read_queue(const std::string& output) {
  JobStates out;
  for (const std::string_view line : split(output, '\n')) {
    const std::vector<std::string_view> fields = split(line, '|');
    if (fields.size() < 4) continue;  // a heading of a cluster
    out.insert_or_assign(std::string(fields[0]), state_of(fields[1], fields[2], fields[3]));
  }
  return out;
}

}  // namespace

Launch SlurmLauncher::start(const LaunchRequest& request) const {
  const fs::path script = request.run_folder / kSlurmScript;
  std::error_code ignored;
  if (!request.keeps_script || !fs::exists(script, ignored))
    write_file_atomically(script, slurm_script(request));
  // Sent from the run's folder, which is then the job's.
  const Answer answer =
      ask_program({{"sbatch", "--parsable", kSlurmScript}, request.run_folder, patience_});
  if (answer.code != 0) {
    throw Error(ErrorCode::kIo, fmt::format("Slurm did not take the job: {}.", why(answer)));
  }
  return launch_of(answer.output);
}

std::vector<LaunchState> SlurmLauncher::ask(std::span<const Launch> launches,
                                            const std::stop_token& stop) const {
  std::map<std::string, std::string> jobs;  // of each cluster, with commas between them
  for (const Launch& launch : launches) {
    std::string& list = jobs[launch.cluster];
    list += (list.empty() ? "" : ",") + launch.job;
  }
  std::map<std::string, JobStates> known;
  for (const auto& [cluster, list] : jobs) {
    std::vector<std::string> arguments = {"squeue", "--noheader", "--states=all",
                                          "--format=%i|%T|%N|%r", "--jobs=" + list};
    add_cluster(arguments, cluster);
    const Answer answer = ask_program({std::move(arguments), "/", patience_}, stop);
    // Of a single job that it has forgotten, squeue says so as an error.
    if (answer.code != 0 && answer.words.find("Invalid job id") == std::string::npos)
      throw Error(ErrorCode::kIo, fmt::format("Slurm cannot be asked: {}.", why(answer)));
    known[cluster] = read_queue(answer.output);
  }
  std::vector<LaunchState> out;
  for (const Launch& launch : launches) {
    const JobStates& states = known[launch.cluster];
    const auto found = states.find(launch.job);
    out.push_back(found == states.end() ? LaunchState{Phase::kGone, {}} : found->second);
  }
  return out;
}

void SlurmLauncher::cancel(const Launch& launch) const {
  std::vector<std::string> arguments = {"scancel"};
  add_cluster(arguments, launch.cluster);
  arguments.push_back(launch.job);
  const Answer answer = ask_program({std::move(arguments), "/", patience_});
  // One that has ended in the meantime needs none.
  if (answer.code != 0 && answer.words.find("Invalid job id") == std::string::npos) {
    throw Error(ErrorCode::kIo,
                fmt::format("Slurm did not cancel job {}: {}.", launch.job, why(answer)));
  }
}

std::string slurm_missing() {
  const char* const path = std::getenv("PATH");
  for (const char* program : {"sbatch", "squeue", "scancel"}) {
    bool is_there = false;
    for (const std::string_view folder : split(path == nullptr ? "" : path, ':'))
      is_there = is_there || access((fs::path(folder) / program).c_str(), X_OK) == 0;
    if (!is_there)
      return fmt::format("Slurm is not on this machine: there is no {} on the PATH.", program);
  }
  return {};
}

}  // namespace realm
