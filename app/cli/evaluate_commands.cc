// realm eval, bench.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>

#include "app/cli/context.h"
#include "app/cli/json.h"
#include "app/services/assets.h"
#include "app/view/number_format.h"
#include "engine/base/atomic_file.h"
#include "engine/base/error.h"
#include "engine/evaluation/cloze_evaluation.h"
#include "engine/evaluation/report.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using cli::Json;

struct EvaluateArguments {
  std::string set, task = "cloze", out;
  int64_t limit = 0;
  int candidates = 8;
};

// A file, a folder of files, or the name of either below the workspace's eval folder ("test",
// "test/fermat").
std::vector<fs::path> find_files(const std::string& set, const fs::path& workspace) {
  fs::path found = set;
  if (!fs::exists(found)) found = workspace / "eval" / set;
  if (!fs::exists(found)) found = workspace / "eval" / (set + ".jsonl");
  if (!fs::exists(found)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no question file {}, neither here nor in {}.", set,
                            (workspace / "eval").string()));
  }
  if (!fs::is_directory(found)) return {found};
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(found)) {
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  }
  if (files.empty())
    throw Error(ErrorCode::kNotFound,
                fmt::format("The folder {} holds no .jsonl file.", found.string()));
  std::sort(files.begin(), files.end());
  return files;
}

void run_evaluate(const CliContext& context, const EvaluateArguments& arguments) {
  const EvaluationTask task =
      arguments.task == "cloze" ? EvaluationTask::kCloze : EvaluationTask::kRetrieval;
  const auto started = std::chrono::steady_clock::now();
  const auto session = context.open_session(CliContext::Access::kWrite);
  std::vector<ClozeItem> items;
  for (const fs::path& file : find_files(arguments.set, session->workspace().folder())) {
    const std::vector<ClozeItem> more = read_cloze_file(file, arguments.limit);
    items.insert(items.end(), more.begin(), more.end());
  }
  const std::shared_ptr<const MipsIndex> index = session->index(context.stop);
  const EvaluationKnowledge knowledge{
      .corpus = session->corpus(),
      .index = index,
      .index_model_fingerprint = session->index_model_fingerprint()};
  EvaluationOptions options;
  options.candidates = arguments.candidates;
  const auto evaluate = task == EvaluationTask::kCloze ? evaluate_cloze : evaluate_retrieval;
  const std::vector<ClozeScore> scores = evaluate(session->engine(), knowledge, items, options,
                                                  context.stop, context.console.progress());
  if (!arguments.out.empty()) {
    std::string rows;
    for (const ClozeScore& score : scores) rows += to_json(task, score) + "\n";
    write_file_atomically(arguments.out, rows);
  }
  const EvaluationReport report = make_report(task, scores);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  const ModelCard& model = session->engine().card();
  if (context.console.json) {
    Json document = Json::parse(to_json(report));
    document["candidates"] = arguments.candidates;
    document["model"] = {
        {"name", model.name}, {"fingerprint", model.fingerprint}, {"step", model.step}};
    document["baseline"] = cli::text_or_null(model.baseline_name);
    document["corpus"] = {{"name", session->corpus().name()},
                          {"revision", session->corpus().revision()},
                          {"documents", session->corpus().size()},
                          {"fingerprint", session->corpus().fingerprint()}};
    document["stale_documents"] = session->corpus().dirty_count();
    document["seconds"] = cli::number(seconds);
    context.console.document(cli::dump(document));
    return;
  }
  std::string table = to_table(report);
  table.pop_back();
  context.console.text(table);
  context.console.text(fmt::format("{} of {}, k = {}, {} documents, {}",
                                   view::format_counted(report.all.items, "item"), model.name,
                                   arguments.candidates, session->corpus().size(),
                                   view::format_milliseconds(seconds * 1000)));
  for (const ClozeScore& score : scores) {
    if (score.failure.empty()) continue;
    context.console.note(fmt::format("{} could not be scored; the first, line {} of {}: {}",
                                     view::format_counted(report.all.failed, "item"),
                                     score.item.line, score.item.set, score.failure));
    break;
  }
}

// The benchmarks are a program of their own; it takes this one's place.
void run_bench(const CliContext& context, const std::vector<std::string>& names) {
  const std::string program = find_program("realm-bench").string();
  std::vector<std::string> words = {program};
  if (!names.empty()) {
    std::string filter;
    for (const std::string& name : names) filter += (filter.empty() ? "" : "|") + name;
    words.push_back("--benchmark_filter=" + filter);
  }
  if (context.console.json) words.emplace_back("--benchmark_format=json");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execv(program.c_str(), arguments.data());
  throw Error(ErrorCode::kIo,
              fmt::format("{} cannot be started: {}.", program, std::strerror(errno)));
}

}  // namespace

void add_evaluate_commands(CLI::App& root, CliContext& context) {
  {
    CLI::App& command = add_command(root, "eval");
    const auto arguments = std::make_shared<EvaluateArguments>();
    command
        .add_option("SET", arguments->set,
                    "a question file, a folder of them, or a name in the workspace's eval folder")
        ->required();
    command.add_option("--task", arguments->task, "what to score")
        ->check(CLI::IsMember({"cloze", "retrieval"}))
        ->capture_default_str();
    command.add_option("--limit", arguments->limit, "at most so many items of each file")
        ->check(CLI::PositiveNumber);
    command.add_option("--k", arguments->candidates, "candidates, the null document counted in")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str();
    command.add_option("--out", arguments->out, "a file with one JSON row an item");
    command.callback([&context, arguments] {
      context.action = [&context, arguments] { run_evaluate(context, *arguments); };
    });
  }
  {
    CLI::App& command = add_command(root, "bench");
    const auto names = std::make_shared<std::vector<std::string>>();
    command.add_option("NAME", *names, "only these; a part of a name is enough");
    command.callback(
        [&context, names] { context.action = [&context, names] { run_bench(context, *names); }; });
  }
}

}  // namespace realm
