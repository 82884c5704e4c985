#include "app/services/launch/slurm_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <string_view>

#include "engine/base/error.h"

namespace realm {
namespace {

[[noreturn]] void refuse(const char* what, std::string_view text, const char* expected) {
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("Slurm's {} must be {}, but it is \"{}\".", what, expected, text));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool all_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_digit(c) || is_letter(c) || others.find(c) != std::string_view::npos;
  });
}

void require_partition(const std::string& text) {
  if (!all_of(text, "_.,-")) refuse("partition", text, "a name, or names with commas between them");
}

void require_time(const std::string& text) {
  static const std::regex kTime("[0-9]+(:[0-9]+){0,2}|[0-9]+-[0-9]+(:[0-9]+){0,2}");
  if (!std::regex_match(text, kTime))
    refuse("time limit", text, "minutes, hours:minutes:seconds or days-hours");
}

// "2", "a100:2"
void require_gpus(const std::string& text) {
  const size_t colon = text.rfind(':');
  const std::string_view count =
      std::string_view(text).substr(colon == std::string::npos ? 0 : colon + 1);
  const bool is_count =
      !count.empty() && std::all_of(count.begin(), count.end(), is_digit) && count.front() != '0';
  if (!is_count || colon == 0 || !all_of(text, "_.:-"))
    refuse("number of GPUs", text, "a whole number, or a kind and a number such as a100:2");
}

void require_line(const std::string& text) {
  const bool has_control = std::any_of(text.begin(), text.end(),
                                       [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (!text.starts_with('-') || has_control)
    refuse("further option", text, "options of sbatch on one line, such as --account=me");
}

// For sh: a path may hold blanks and quotes.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string slurm_script(const LaunchRequest& request) {
  const SlurmOptions& options = request.options.slurm;
  const std::string program = request.program.string();
  if (program.find('\n') != std::string::npos)
    refuse("program", program, "a path without line breaks");
  std::string out = "#!/bin/sh\n";
  const auto line = [&](std::string_view option, std::string_view value) {
    out += fmt::format("#SBATCH --{}={}\n", option, value);
  };
  line("job-name", "realm-" + request.task);
  line("output", "trainer.log");
  line("open-mode", "append");
  line("ntasks", std::to_string(request.options.ranks));
  line("cpus-per-task", std::to_string(request.cpus_per_rank));
  if (!options.partition.empty()) {
    require_partition(options.partition);
    line("partition", options.partition);
  }
  if (!options.time_limit.empty()) {
    require_time(options.time_limit);
    line("time", options.time_limit);
  }
  if (!options.gpus.empty()) {
    require_gpus(options.gpus);
    line("gres", "gpu:" + options.gpus);
  }
  // Of two values of one option sbatch takes the later.
  for (const std::string& text : options.lines) {
    require_line(text);
    out += fmt::format("#SBATCH {}\n", text);
  }
  out += fmt::format(
      "\n"
      "# At the time limit SIGTERM reaches each process of realm-train, which saves and leaves;\n"
      "# this script and srun wait for that.\n"
      "trap '' TERM\n"
      "# Each process has its place from srun, not from the shell that sent this.\n"
      "unset RANK WORLD_SIZE LOCAL_RANK MASTER_ADDR MASTER_PORT\n"
      "srun --cpus-per-task=\"$SLURM_CPUS_PER_TASK\" --kill-on-bad-exit=1 \\\n"
      "  {} --run \"$PWD\"\n",
      quoted(program));
  return out;
}

}  // namespace realm
