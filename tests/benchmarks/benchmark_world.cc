#include "tests/benchmarks/benchmark_world.h"
#include "tests/support/child_process.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace realm::benchmarks {
namespace {

namespace fs = std::filesystem;

struct Scratch {
  Scratch() {
    std::string name = (fs::temp_directory_path() / "realm-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("cannot make a temporary folder");
    folder = name;
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  fs::path folder;
};

fs::path starter_assets() { return REALM_STARTER_DIR; }

std::vector<nlohmann::json> json_lines(const fs::path& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  std::vector<nlohmann::json> out;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) out.push_back(nlohmann::json::parse(line));
  }
  return out;
}

// `count` of them at even distances.
template <typename T>
std::vector<T> spread(const std::vector<T>& all, size_t count) {
  if (count >= all.size()) return all;
  std::vector<T> out;
  for (size_t i = 0; i < count; ++i) out.push_back(all[i * all.size() / count]);
  return out;
}

}  // namespace

const fs::path& scratch_folder() {
  static const Scratch scratch;
  return scratch.folder;
}

fs::path program(const std::string& name) {
  const fs::path found = fs::read_symlink("/proc/self/exe").parent_path() / name;
  if (!fs::exists(found)) throw std::runtime_error(found.string() + " is not built");
  return found;
}

fs::path starter_model() { return starter_assets() / "models" / "starter"; }

fs::path starter_workspace() {
  static const fs::path workspace = [] {
    const fs::path folder = scratch_folder() / "starter";
    testing::ChildProcess setup({.program = program("realm"),
                                 .arguments = {"--quiet", "setup", "starter", folder.string()}});
    if (setup.wait() != 0) throw std::runtime_error("realm setup starter failed");
    return folder;
  }();
  return workspace;
}

std::vector<Document> starter_passages() {
  static const std::vector<Document> passages = [] {
    std::vector<Document> out;
    for (const nlohmann::json& row : json_lines(starter_assets() / "corpus.jsonl")) {
      Document document;
      document.id = static_cast<DocumentId>(out.size()) + 1;
      document.title = row.at("title").get<std::string>();
      document.text = row.at("text").get<std::string>();
      out.push_back(std::move(document));
    }
    return out;
  }();
  return passages;
}

std::vector<Document> starter_passages(size_t count) { return spread(starter_passages(), count); }

std::vector<std::string> starter_questions(size_t count) {
  std::vector<std::string> out;
  std::ifstream examples(starter_assets() / "examples.json");
  for (const nlohmann::json& row : nlohmann::json::parse(examples)) {
    if (out.size() < count) out.push_back(row.at("text").get<std::string>());
  }
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(starter_assets() / "eval" / "test")) {
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> questions;
  for (const fs::path& file : files) {
    for (const nlohmann::json& row : json_lines(file)) {
      if (row.contains("add") || row.contains("edit")) continue;
      questions.push_back(row.at("text").get<std::string>());
    }
  }
  const std::vector<std::string> some = spread(questions, count - out.size());
  out.insert(out.end(), some.begin(), some.end());
  return out;
}

fs::path starter_questions_file() {
  return starter_assets() / "eval" / "test" / "heldout_entities.jsonl";
}

std::unique_ptr<RealmEngine> open_engine(const fs::path& model, int threads) {
  EngineOptions options;
  options.model = model;
  options.threads = threads;
  return RealmEngine::open(options);
}

}  // namespace realm::benchmarks
