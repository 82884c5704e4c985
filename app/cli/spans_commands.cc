// realm spans.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string_view>

#include "app/cli/context.h"
#include "app/cli/json.h"
#include "app/cli/text_table.h"
#include "engine/base/error.h"
#include "engine/evaluation/span_evaluation.h"
#include "engine/tagging/bert_span_tagger.h"
#include "engine/text/combined_tagger.h"
#include "engine/text/name_lexicon.h"
#include "engine/text/salient_span_tagger.h"
#include "storage/span_cache.h"
#include "storage/workspace.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using cli::Json;

struct SpansArguments {
  std::vector<std::string> texts;
  std::string file, marked, tagger = "rules";
  bool gazetteer = false;
};

// The workspace that the command is run in, if it is.
std::optional<fs::path> find_workspace(const CliContext& context) {
  try {
    return context.workspace_folder();
  } catch (const UsageError&) {
    return std::nullopt;
  }
}

// A model of the workspace, or a folder. What it finds is kept where there is a workspace.
std::shared_ptr<const SalientSpanTagger> make_model_tagger(const CliContext& context,
                                                           const std::string& name) {
  const std::optional<fs::path> workspace = find_workspace(context);
  fs::path folder = name;
  if (workspace && name.find('/') == std::string::npos)
    folder = Workspace::open(*workspace, /*read_only=*/true).model_folder(name);
  std::shared_ptr<const BertSpanTagger> model =
      BertSpanTagger::open(folder, {.device = context.device, .threads = context.threads});
  if (!workspace) return model;
  return std::make_shared<const CachedSpanTagger>(model, model->fingerprint(),
                                                  CachedSpanTagger::file_in(*workspace));
}

std::shared_ptr<const SalientSpanTagger> make_tagger(const CliContext& context,
                                                     const SpansArguments& arguments) {
  std::shared_ptr<const NameLexicon> lexicon;
  if (arguments.gazetteer) {
    const auto session = context.open_session(CliContext::Access::kRead);
    lexicon = lexicon_of(session->corpus());
  }
  const auto rules = std::make_shared<const RuleTagger>(std::move(lexicon));
  if (arguments.tagger == "rules") return rules;
  return std::make_shared<const CombinedTagger>(
      make_model_tagger(context, arguments.tagger), rules,
      std::vector<SalientSpanKind>{SalientSpanKind::kDate, SalientSpanKind::kNumber});
}

// The texts of the arguments and the lines of the file but blank ones.
std::vector<std::string> texts_of(const SpansArguments& arguments) {
  std::vector<std::string> texts = arguments.texts;
  if (arguments.file.empty()) return texts;
  std::ifstream stream(arguments.file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(arguments.file)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The text file {} is not there or cannot be read.", arguments.file));
  }
  for (std::string line; std::getline(stream, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.find_first_not_of(" \t") != std::string::npos) texts.push_back(line);
  }
  return texts;
}

// "[[Lisbon]] is old.", as training texts have it.
std::string with_marks(std::string_view text, const std::vector<SalientSpan>& spans) {
  std::string marked;
  size_t at = 0;
  for (const SalientSpan& span : spans) {
    marked += text.substr(at, span.bytes.begin - at);
    marked += "[[";
    marked += text.substr(span.bytes.begin, span.bytes.size());
    marked += "]]";
    at = span.bytes.end;
  }
  return marked + std::string(text.substr(at));
}

Json to_json(std::string_view text, const std::vector<SalientSpan>& spans) {
  Json list = Json::array();
  for (const SalientSpan& span : spans) {
    list.push_back({{"kind", kind_name(span.kind)},
                    {"begin", span.bytes.begin},
                    {"end", span.bytes.end},
                    {"text", text.substr(span.bytes.begin, span.bytes.size())}});
  }
  return {{"text", text}, {"spans", std::move(list)}};
}

void show_spans(const CliContext& context, const SalientSpanTagger& tagger,
                const std::vector<std::string>& texts) {
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  const std::vector<std::vector<SalientSpan>> found = tagger.tag_all(views);
  Json document = Json::array();
  for (size_t i = 0; i < texts.size(); ++i) {
    document.push_back(to_json(texts[i], found[i]));
    context.console.text(with_marks(texts[i], found[i]));
    for (const SalientSpan& span : found[i]) {
      context.console.text(fmt::format("  {:6}  {:>4}-{:<4}  {}", kind_name(span.kind),
                                       span.bytes.begin, span.bytes.end,
                                       texts[i].substr(span.bytes.begin, span.bytes.size())));
    }
  }
  if (context.console.json) context.console.document(cli::dump({{"texts", std::move(document)}}));
}

std::string percent(double share) {
  return std::isnan(share) ? "-" : fmt::format("{:.1f} %", 100 * share);
}

Json to_json(const SpanCounts& counts) {
  return {{"marked", counts.marked},
          {"found", counts.found},
          {"right", counts.right},
          {"precision", cli::number(counts.precision())},
          {"recall", cli::number(counts.recall())},
          {"f1", cli::number(counts.f1())}};
}

void show_scores(const CliContext& context, const SalientSpanTagger& tagger,
                 const std::string& file) {
  const std::vector<LabelledText> texts = read_labelled_texts(file);
  const SpanScores scores = evaluate_tagger(tagger, texts);
  std::vector<std::pair<std::string, SpanCounts>> rows;
  for (const auto kind : {SalientSpanKind::kName, SalientSpanKind::kDate, SalientSpanKind::kNumber})
    rows.emplace_back(kind_name(kind), scores.of(kind));
  rows.emplace_back("bounds", scores.bounds);
  if (context.console.json) {
    Json document = {{"texts", texts.size()}};
    for (const auto& [name, counts] : rows) document[name] = to_json(counts);
    context.console.document(cli::dump(document));
    return;
  }
  using Align = cli::TextTable::Align;
  cli::TextTable table({{"spans"},
                        {"marked", Align::kRight},
                        {"found", Align::kRight},
                        {"right", Align::kRight},
                        {"precision", Align::kRight},
                        {"recall", Align::kRight},
                        {"F1", Align::kRight}});
  for (const auto& [name, counts] : rows) {
    table.add({name, std::to_string(counts.marked), std::to_string(counts.found),
               std::to_string(counts.right), percent(counts.precision()), percent(counts.recall()),
               percent(counts.f1())});
  }
  context.console.text(table.str());
}

void run_spans(const CliContext& context, const SpansArguments& arguments) {
  const std::shared_ptr<const SalientSpanTagger> tagger = make_tagger(context, arguments);
  if (!arguments.marked.empty()) {
    show_scores(context, *tagger, arguments.marked);
    return;
  }
  const std::vector<std::string> texts = texts_of(arguments);
  if (texts.empty())
    throw UsageError("spans needs a text, --file with texts, or --eval with marked ones");
  show_spans(context, *tagger, texts);
}

}  // namespace

void add_spans_commands(CLI::App& root, CliContext& context) {
  CLI::App& command = add_command(root, "spans");
  const auto arguments = std::make_shared<SpansArguments>();
  CLI::Option* const texts = command.add_option("TEXT", arguments->texts, "a text");
  CLI::Option* const file =
      command.add_option("--file", arguments->file, "a file of texts, one a line");
  command
      .add_option("--eval", arguments->marked,
                  "a file of texts with marked spans: how many of them are found")
      ->excludes(texts)
      ->excludes(file);
  command
      .add_option("--tagger", arguments->tagger,
                  "rules, or a BERT token classifier for the names: a model of the workspace or a "
                  "folder (with a / in it)")
      ->capture_default_str();
  command.add_flag("--gazetteer", arguments->gazetteer,
                   "the rules also go by the titles and texts of the workspace's corpus");
  command.callback([&context, arguments] {
    context.action = [&context, arguments] { run_spans(context, *arguments); };
  });
}

}  // namespace realm
