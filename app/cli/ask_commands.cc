// realm ask, realm retrieve.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "app/cli/context.h"
#include "app/cli/json.h"
#include "app/cli/text_table.h"
#include "app/services/ask_json.h"
#include "app/view/number_format.h"
#include "engine/base/error.h"

namespace realm {
namespace {

using cli::Json;
using cli::one_line;
using cli::TextTable;
using view::format_from_log;
using view::format_number;
using view::format_signed;

constexpr size_t kTitleWidth = 40;
constexpr auto kRight = TextTable::Align::kRight;
constexpr auto kLeft = TextTable::Align::kLeft;

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string title_of(const AskedDocument& candidate) {
  return candidate.is_null ? "∅ (no passage)" : one_line(candidate.document.title, kTitleWidth);
}

void note_what_is_stale(const Console& console, int64_t stale, int64_t documents) {
  if (stale > 0) {
    console.note(fmt::format(
        "{} of {} documents are not in the index as they read now; realm index sees to them.",
        stale, documents));
  }
}

std::string describe_answer(const AskResult& result) {
  std::string text =
      fmt::format("x       {}\ny       {} ({}){}\n\n", join(result.pieces), result.answer,
                  join(result.answer_pieces), result.answer_is_given ? "" : ", the top word");
  text += fmt::format("p(y|x)  {}\nnull    {}\n", format_from_log(result.log_p_y_given_x),
                      format_number(result.p_y_null));
  if (result.baseline) {
    text += fmt::format("{:<7} {}\n", "BERT", format_from_log(result.baseline->log_p_y_given_x));
  }
  if (result.exact_p_y_given_x) {
    text +=
        fmt::format("exact   {} over the whole corpus; {} of p(z|x) lies outside the candidates\n",
                    format_number(*result.exact_p_y_given_x),
                    format_number(result.mass_outside_top_k.value_or(0)));
  }

  TextTable documents({{"rank", kRight},
                       {"p(z|x)", kRight},
                       {"p(y|z,x)", kRight},
                       {"posterior", kRight},
                       {"RU", kRight},
                       {"credit", kRight},
                       {"id", kRight},
                       {"title", kLeft}});
  for (const AskedDocument& candidate : result.documents) {
    documents.add({std::to_string(candidate.rank), format_number(candidate.p_z_given_x),
                   format_from_log(candidate.log_p_y_given_zx), format_number(candidate.posterior),
                   format_signed(candidate.retrieval_utility), format_signed(candidate.credit),
                   candidate.is_null ? "" : std::to_string(candidate.document.id),
                   title_of(candidate)});
  }
  text += "\n" + documents.str() + "\n";

  TextTable words({{"word", kLeft}, {"p(word|x)", kRight}, {"null", kRight}, {"BERT", kRight}});
  const auto add = [&](const std::string& word, double p, double null_p, double baseline_p) {
    words.add({word, format_number(p), format_number(null_p),
               result.baseline ? format_number(baseline_p) : "-"});
  };
  for (const PredictedWord& word : result.top) add(word.word, word.p, word.null_p, word.baseline_p);
  for (const WatchedWord& word : result.watch) {
    if (word.note.empty()) add(word.word + " (watched)", word.p, word.null_p, word.baseline_p);
  }
  text += "\n" + words.str();
  return text;
}

struct AskArguments {
  AskQuery query;
  std::string answer;
};

void run_ask(const CliContext& context, const AskArguments& arguments) {
  AskQuery query = arguments.query;
  if (!arguments.answer.empty()) query.answer = arguments.answer;
  const auto session = context.open_session(CliContext::Access::kWrite);
  const AskResult result = session->ask(query, context.stop);
  if (context.console.json) {
    context.console.document(to_json(result));
  } else {
    context.console.text(describe_answer(result));
  }
  note_what_is_stale(context.console, result.stale_documents, result.corpus_documents);
  if (result.corpus_documents == 0)
    context.console.note("The corpus is empty, so the answer is that of the null document.");
  if (result.truncated)
    context.console.note("The sentence was longer than the model takes, and its end was left out.");
  for (const WatchedWord& word : result.watch) {
    if (!word.note.empty())
      context.console.note(fmt::format("\"{}\" could not be scored: {}", word.word, word.note));
  }
}

struct RetrievedRow {
  Document document;
  bool is_null = false;
  double score = 0;
  std::optional<double> probability;
};

void print_retrieved(const CliContext& context, const std::string& text, const std::string& mode,
                     const std::vector<RetrievedRow>& rows) {
  if (context.console.json) {
    Json documents = Json::array();
    for (size_t i = 0; i < rows.size(); ++i) {
      const RetrievedRow& row = rows[i];
      documents.push_back(
          {{"id", row.document.id},
           {"title", row.document.title},
           {"text", row.document.text},
           {"source", row.document.source},
           {"is_null", row.is_null},
           {"rank", i + 1},
           {"score", cli::number(row.score)},
           {"p_z_given_x", row.probability ? cli::number(*row.probability) : Json(nullptr)}});
    }
    context.console.document(cli::dump(
        {{"query", {{"text", text}}}, {"mode", mode}, {"documents", std::move(documents)}}));
    return;
  }
  TextTable table({{"rank", kRight},
                   {"p(z|x)", kRight},
                   {"score", kRight},
                   {"id", kRight},
                   {"title", kLeft},
                   {"text", kLeft}});
  for (size_t i = 0; i < rows.size(); ++i) {
    const RetrievedRow& row = rows[i];
    table.add({std::to_string(i + 1), row.probability ? format_number(*row.probability) : "-",
               format_signed(row.score), row.is_null ? "" : std::to_string(row.document.id),
               row.is_null ? "∅ (no passage)" : one_line(row.document.title, kTitleWidth),
               one_line(row.document.text, 60)});
  }
  context.console.text(table.str());
}

// Words of the corpus are looked for as they are written, without the marks that hide them.
std::string words_of(std::string text) {
  for (const std::string_view mark : {"[MASK]", "[[", "]]"}) {
    for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark))
      text.replace(at, mark.size(), " ");
  }
  return text;
}

void run_retrieve(const CliContext& context, const AskQuery& query, const std::string& mode) {
  const auto session = context.open_session(CliContext::Access::kWrite);
  std::vector<RetrievedRow> rows;
  if (mode == "bm25") {
    for (const auto& [id, score] :
         session->corpus().search_bm25(words_of(query.text), query.candidates, context.stop)) {
      if (const auto document = session->document(id)) {
        rows.push_back(
            {.document = *document, .is_null = false, .score = score, .probability = std::nullopt});
      }
    }
  } else {
    for (const RetrievedDocument& found : session->retrieve(query, context.stop)) {
      RetrievedRow row{.document = {},
                       .is_null = found.is_null,
                       .score = found.score,
                       .probability = found.probability};
      if (!found.is_null) row.document = session->document(found.id).value_or(Document{});
      rows.push_back(std::move(row));
    }
    note_what_is_stale(context.console, session->corpus().dirty_count(), session->corpus().size());
  }
  print_retrieved(context, query.text, mode, rows);
}

}  // namespace

void add_ask_commands(CLI::App& root, CliContext& context) {
  {
    CLI::App& command = add_command(root, "ask");
    const auto arguments = std::make_shared<AskArguments>();
    AskQuery& query = arguments->query;
    command
        .add_option(
            "TEXT", query.text,
            "the sentence; [MASK] hides one word piece, [[word]] hides a word and names it y")
        ->required();
    command.add_option("--answer", arguments->answer, "y for plain [MASK]s");
    command
        .add_option("--watch", query.watch,
                    "a word to report whatever its rank; may be given again")
        ->allow_extra_args(false);
    command.add_option("--k", query.candidates, "candidates, the null document counted in")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str();
    command.add_option("--words", query.words, "how many top words")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command
        .add_option("--pin", query.pinned,
                    "id of a passage that stays among the candidates; may be given again")
        ->allow_extra_args(false);
    command
        .add_option("--exclude", query.excluded, "id of a passage to leave out; may be given again")
        ->allow_extra_args(false);
    command.add_flag("--exact-sum", query.exact_sum, "also sum over the whole corpus");
    command.callback([&context, arguments] {
      context.action = [&context, arguments] { run_ask(context, *arguments); };
    });
  }
  {
    CLI::App& command = add_command(root, "retrieve");
    const auto query = std::make_shared<AskQuery>();
    const auto mode = std::make_shared<std::string>("dense");
    command.add_option("TEXT", query->text, "the sentence, with or without a hidden word")
        ->required();
    command
        .add_option("--k", query->candidates,
                    "how many; in dense mode the null document is counted in")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str();
    command.add_option("--mode", *mode, "dense: the model's own; bm25: full-text search")
        ->check(CLI::IsMember({"dense", "bm25"}))
        ->capture_default_str();
    command.callback([&context, query, mode] {
      context.action = [&context, query, mode] { run_retrieve(context, *query, *mode); };
    });
  }
}

}  // namespace realm
