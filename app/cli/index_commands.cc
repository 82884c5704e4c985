// realm index.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/cli/context.h"
#include "app/cli/json.h"
#include "app/view/number_format.h"

namespace realm {
namespace {

struct IndexArguments {
  std::string type;
  bool rebuild = false;
};

void run_index(const CliContext& context, const IndexArguments& arguments) {
  const auto session = context.open_session(CliContext::Access::kWrite);
  const IndexStatus index = session->build_index(arguments.type, arguments.rebuild, context.stop,
                                                 context.console.progress());
  if (context.console.json) {
    context.console.document(cli::dump({{"type", index.type},
                                        {"generation", index.generation},
                                        {"vectors", index.vectors},
                                        {"stale_documents", index.stale_documents},
                                        {"model_fingerprint", index.model_fingerprint},
                                        {"built_at", index.built_at},
                                        {"build_seconds", cli::number(index.build_seconds)}}));
    return;
  }
  context.console.text(fmt::format("Index generation {}: {}, {} vectors, made in {}",
                                   index.generation, index.type, view::format_count(index.vectors),
                                   view::format_milliseconds(index.build_seconds * 1000)));
}

}  // namespace

void add_index_commands(CLI::App& root, CliContext& context) {
  CLI::App& command = add_command(root, "index");
  const auto arguments = std::make_shared<IndexArguments>();
  command.add_option("--type", arguments->type,
                     "exact, or a FAISS factory string; else what it is now");
  command.add_flag("--rebuild", arguments->rebuild, "embed every document again");
  command.callback([&context, arguments] {
    context.action = [&context, arguments] { run_index(context, *arguments); };
  });
}

}  // namespace realm
