#include "tests/app/cli/realm_program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "tests/support/parity.h"

namespace realm::testing {
namespace {

namespace fs = std::filesystem;

// Between fork and exec.
[[noreturn]] void become(const std::vector<std::string>& words, const RunOptions& options,
                         const fs::path& out, const fs::path& err) {
  unsetenv("REALM_WORKSPACE");
  unsetenv("OPENBLAS_CORETYPE");
  for (const auto& [name, value] : options.environment) setenv(name.c_str(), value.c_str(), 1);
  if (!options.folder.empty() && chdir(options.folder.c_str()) != 0) _exit(126);
  const int nothing = open("/dev/null", O_RDONLY);
  const int out_file = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err_file = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(nothing, STDIN_FILENO);
  dup2(out_file, STDOUT_FILENO);
  dup2(err_file, STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(REALM_PROGRAM, arguments.data());
  _exit(127);
}

}  // namespace

nlohmann::json Outcome::json() const {
  nlohmann::json document = nlohmann::json::parse(out, /*cb=*/nullptr, /*allow_exceptions=*/false);
  EXPECT_FALSE(document.is_discarded())
      << "exit code " << code << "\nstandard output: " << out << "\nstandard error: " << err;
  return document;
}

Outcome run_realm(const std::vector<std::string>& arguments, const RunOptions& options) {
  const TempDirectory outputs;
  std::vector<std::string> words = {"realm"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const pid_t pid = fork();
  if (pid == 0) become(words, options, outputs / "out", outputs / "err");
  if (pid < 0) throw std::runtime_error("the program could not be started");
  int status = 0;
  waitpid(pid, &status, 0);
  Outcome outcome;
  outcome.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  outcome.out = read_file(outputs / "out");
  outcome.err = read_file(outputs / "err");
  return outcome;
}

TinyWorkspace::TinyWorkspace(Content content) : folder_(temp_ / "tiny") {
  const Outcome made =
      run_realm({"init", folder_.string(), "--model", model().string(), "--quiet"});
  EXPECT_EQ(made.code, 0) << made.err;
  if (content == Content::kEmpty) return;
  const Outcome imported =
      run({"import", temp_.write("passages.jsonl", passages_jsonl()).string()});
  EXPECT_EQ(imported.code, 0) << imported.err;
}

Outcome TinyWorkspace::run(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {"--workspace", folder_.string(), "--quiet"});
  return run_realm(arguments);
}

nlohmann::json TinyWorkspace::json(std::vector<std::string> arguments) const {
  arguments.emplace_back("--json");
  const Outcome outcome = run(std::move(arguments));
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  return outcome.json();
}

fs::path TinyWorkspace::model() { return golden("cfg_b"); }

std::string TinyWorkspace::passages_jsonl() {
  const std::vector<std::pair<std::string, std::string>> passages = {
      {"Vienna", "Vienna is the capital of Austria. The city lies on the Danube."},
      {"Budapest", "Budapest is the capital of Hungary. The Danube flows into the city."},
      {"Prague", "Prague is the capital of Bohemia. The Vltava flows into the city."},
      {"Lisbon", "Lisbon is the capital of Portugal. The city lies near the Tagus."},
      {"Dublin", "Dublin is a city and a capital."},
      {"Rome", "Rome lies on the Tiber."},
      {"London", "London lies on the Thames."},
      {"Paris", "Paris lies on the Seine."},
      {"257", "257 is a Fermat prime. A regular production has 257 sides."},
      {"Everest", "Everest is six metres."},
      {"Polonium", "Marie Curie was a physicist and a chemist."},
      {"Bohr", "Niels Bohr was a physicist near Copenhagen."},
  };
  std::string rows;
  for (const auto& [title, text] : passages) {
    rows +=
        nlohmann::json{{"title", title}, {"text", text}, {"source", "tiny"}, {"licence", "CC0-1.0"}}
            .dump() +
        "\n";
  }
  return rows;
}

fs::path TinyWorkspace::other_model() const {
  const fs::path copy = temp_ / "other";
  fs::copy(model(), copy, fs::copy_options::recursive);
  std::string vocabulary = read_file(copy / "vocab.txt");
  const size_t last = vocabulary.rfind('\n', vocabulary.size() - 2) + 1;
  vocabulary.insert(last, "zz");  // the last piece becomes another one
  std::ofstream(copy / "vocab.txt", std::ios::binary) << vocabulary;
  return copy;
}

}  // namespace realm::testing
