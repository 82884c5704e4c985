// realm doc search, show, add, edit, delete, undo, redo, log.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "app/cli/context.h"
#include "app/cli/json.h"
#include "app/cli/text_table.h"
#include "engine/base/error.h"

namespace realm {
namespace {

using cli::Json;
using cli::one_line;
using cli::TextTable;
using Access = CliContext::Access;

constexpr auto kRight = TextTable::Align::kRight;
constexpr auto kLeft = TextTable::Align::kLeft;

// A snippet with its hits, which storage marks with U+0002 and U+0003, in brackets.
std::string with_brackets(const std::string& snippet) {
  std::string text;
  for (const char c : snippet) text += c == '\x02' ? '[' : c == '\x03' ? ']' : c;
  return text;
}

// What a change of the corpus prints: which documents it touched, and whether the index followed.
void print_change(const CliContext& context, WorkspaceSession& session, const std::string& what,
                  const std::vector<DocumentId>& documents) {
  const int64_t stale = session.corpus().dirty_count();
  // Of an import that was undone or done again, the ids are the first thousand.
  auto count = static_cast<int64_t>(documents.size());
  if (what == "undo" || what == "redo") {
    const std::vector<RevisionEntry> last = session.revisions(std::nullopt, 1);
    if (!last.empty()) count = last.front().documents;
  }
  if (context.console.json) {
    context.console.document(
        cli::dump({{"change", what},
                   {"id", documents.size() == 1 ? Json(documents.front()) : Json(nullptr)},
                   {"documents", documents},
                   {"count", count},
                   {"revision", session.corpus().revision()},
                   {"corpus_documents", session.corpus().size()},
                   {"stale_documents", stale}}));
    return;
  }
  constexpr int64_t kMostListed = 20;
  std::string ids;
  for (const DocumentId id : documents) ids += fmt::format(" {}", id);
  const std::string listed = fmt::format("document{}{}", count == 1 ? "" : "s", ids);
  context.console.text(
      fmt::format("{}: {}, revision {}", what,
                  count > kMostListed ? fmt::format("{} documents", count) : listed,
                  session.corpus().revision()));
  if (stale > 0) {
    context.console.note(
        fmt::format("{} document{} not in the index as {} now; realm index sees to that.", stale,
                    stale == 1 ? " is" : "s are", stale == 1 ? "it reads" : "they read"));
  }
}

constexpr std::pair<const char*, DocumentOrder> kOrders[] = {
    {"id", DocumentOrder::kById},
    {"title", DocumentOrder::kByTitle},
    {"words", DocumentOrder::kByWords},
    {"source", DocumentOrder::kBySource},
    {"relevance", DocumentOrder::kByRelevance}};
constexpr std::pair<const char*, DocumentGap> kGaps[] = {{"title", DocumentGap::kTitle},
                                                         {"source", DocumentGap::kSource}};

// What was asked for beside words, with the names of the options.
Json filters_object(const DocumentQuery& query) {
  Json filters = Json::object();
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) filters[name] = value;
  };
  add(query.except_source ? "not_source" : "source", query.source);
  add("contains", query.contains);
  add("not_contains", query.lacks);
  add("regex", query.expression);
  for (const auto& [name, gap] : kGaps) {
    if (query.gap == gap) filters["empty"] = name;
  }
  return filters;
}

const char* order_name(const DocumentQuery& query) {
  for (const auto& [name, order] : kOrders) {
    // Without words there is no relevance.
    if (query.order == order && (order != DocumentOrder::kByRelevance || !query.search.empty()))
      return name;
  }
  return "id";
}

void run_search(const CliContext& context, const DocumentQuery& query) {
  const auto session = context.open_session(Access::kRead);
  const DocumentPage page = session->documents(query, context.stop);
  if (context.console.json) {
    Json documents = Json::array();
    for (const DocumentRow& row : page.rows) {
      documents.push_back({{"id", row.id},
                           {"title", row.title},
                           {"snippet", with_brackets(row.snippet)},
                           {"source", row.source},
                           {"words", row.words},
                           {"dirty", row.dirty},
                           {"edited", row.edited}});
    }
    context.console.document(cli::dump({{"query", query.search},
                                        {"filters", filters_object(query)},
                                        {"sort", order_name(query)},
                                        {"descending", query.descending},
                                        {"total", page.total},
                                        {"documents", std::move(documents)}}));
    return;
  }
  TextTable table({{"id", kRight}, {"title", kLeft}, {"text", kLeft}});
  for (const DocumentRow& row : page.rows) {
    table.add({std::to_string(row.id), one_line(row.title, 40),
               one_line(with_brackets(row.snippet), 80)});
  }
  if (!page.rows.empty()) context.console.text(table.str());
  context.console.text(fmt::format("{} found, {} shown", page.total, page.rows.size()));
}

void run_show(const CliContext& context, DocumentId id) {
  const auto session = context.open_session(Access::kRead);
  const std::optional<Document> document = session->document(id);
  if (!document) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The corpus {} holds no document {}.", session->corpus().name(), id));
  }
  if (context.console.json) {
    context.console.document(
        cli::dump({{"id", document->id},
                   {"title", document->title},
                   {"text", document->text},
                   {"source", document->source},
                   {"licence", document->licence},
                   {"revision", document->revision},
                   {"dirty", !session->corpus().dirty_among({&id, 1}).empty()}}));
    return;
  }
  context.console.text(fmt::format("{}\n\n{}\n\ndocument {}, revision {}, source: {}, licence: {}",
                                   document->title, document->text, document->id,
                                   document->revision,
                                   document->source.empty() ? "-" : document->source,
                                   document->licence.empty() ? "-" : document->licence));
}

void run_log(const CliContext& context, std::optional<DocumentId> id, int limit) {
  const auto session = context.open_session(Access::kRead);
  const std::vector<RevisionEntry> entries = session->revisions(id, limit);
  if (context.console.json) {
    Json revisions = Json::array();
    for (const RevisionEntry& entry : entries) {
      revisions.push_back({{"revision", entry.revision},
                           {"at", entry.at},
                           {"who", entry.who},
                           {"what", entry.what},
                           {"document", entry.document == 0 ? Json(nullptr) : Json(entry.document)},
                           {"documents", entry.documents},
                           {"title_before", entry.title_before},
                           {"title_after", entry.title_after},
                           {"text_before", entry.text_before},
                           {"text_after", entry.text_after}});
    }
    context.console.document(cli::dump({{"revisions", std::move(revisions)}}));
    return;
  }
  TextTable table({{"revision", kRight},
                   {"when", kLeft},
                   {"who", kLeft},
                   {"what", kLeft},
                   {"document", kRight},
                   {"title", kLeft}});
  for (const RevisionEntry& entry : entries) {
    const std::string document = entry.document == 0 ? fmt::format("{} documents", entry.documents)
                                                     : std::to_string(entry.document);
    table.add({std::to_string(entry.revision), entry.at, entry.who, entry.what, document,
               one_line(entry.title_after.empty() ? entry.title_before : entry.title_after, 50)});
  }
  context.console.text(table.str());
}

struct EditArguments {
  DocumentId id = 0;
  std::string title, text, source;
  bool has_title = false, has_text = false;
};

}  // namespace

void add_document_commands(CLI::App& root, CliContext& context) {
  {
    CLI::App& command = add_command(root, "doc search");
    const auto query = std::make_shared<DocumentQuery>();
    query->limit = 20;
    query->order = DocumentOrder::kByRelevance;
    CLI::Option* words =
        command.add_option("Q", query->search, "words, \"phrases\" and -words to leave out");
    command.add_option("--limit", query->limit, "how many to show")
        ->check(CLI::Range(1, 2000))
        ->capture_default_str();
    command.add_option("--offset", query->offset, "how many to pass over")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    const auto not_source = std::make_shared<std::string>();
    const auto gap = std::make_shared<std::string>();
    const auto sort = std::make_shared<std::string>();
    CLI::Option* source = command.add_option("--source", query->source, "only of this source");
    command.add_option("--not-source", *not_source, "of all sources but this one")
        ->excludes(source);
    command.add_option("--contains", query->contains,
                       "only texts with this in them as it stands, case left out");
    command.add_option("--not-contains", query->lacks, "only texts without this in them");
    command.add_option("--regex", query->expression,
                       "only where this regular expression is found in title or text; (?i) before "
                       "it leaves case out");
    command.add_option("--empty", *gap, "only where this is empty")
        ->check(CLI::IsMember({"title", "source"}));
    CLI::Option* order =
        command.add_option("--sort", *sort, "else the best hits first, or by id without words")
            ->check(CLI::IsMember({"id", "title", "words", "source", "relevance"}));
    command.add_flag("--descending", query->descending, "the last in that order first")
        ->needs(order);
    command.callback([&context, query, not_source, gap, sort, words, order] {
      if (!not_source->empty()) {
        query->source = *not_source;
        query->except_source = true;
      }
      for (const auto& [name, value] : kGaps) {
        if (*gap == name) query->gap = value;
      }
      for (const auto& [name, value] : kOrders) {
        if (*sort == name) query->order = value;
      }
      if (words->empty() && !query->filters() && order->empty())
        throw UsageError("realm doc search needs words, a filter or an order.");
      context.action = [&context, query] { run_search(context, *query); };
    });
  }
  {
    CLI::App& command = add_command(root, "doc show");
    const auto id = std::make_shared<DocumentId>(0);
    command.add_option("ID", *id, "the passage's number")->required();
    command.callback(
        [&context, id] { context.action = [&context, id] { run_show(context, *id); }; });
  }
  {
    CLI::App& command = add_command(root, "doc add");
    const auto arguments = std::make_shared<EditArguments>();
    command.add_option("--title", arguments->title, "its title")->required();
    command.add_option("--text", arguments->text, "its text")->required();
    command.add_option("--source", arguments->source, "where it comes from");
    command.callback([&context, arguments] {
      context.action = [&context, arguments] {
        const auto session = context.open_session(Access::kWrite);
        const DocumentId id =
            session->add_document(arguments->title, arguments->text, arguments->source);
        print_change(context, *session, "add", {id});
      };
    });
  }
  {
    CLI::App& command = add_command(root, "doc edit");
    const auto arguments = std::make_shared<EditArguments>();
    command.add_option("ID", arguments->id, "the passage's number")->required();
    CLI::Option* title = command.add_option("--title", arguments->title, "its new title");
    CLI::Option* text = command.add_option("--text", arguments->text, "its new text");
    command.callback([&context, arguments, title, text] {
      if (title->empty() && text->empty())
        throw UsageError("realm doc edit changes nothing without --title or --text.");
      DocumentChange change;
      if (!title->empty()) change.title = arguments->title;
      if (!text->empty()) change.text = arguments->text;
      context.action = [&context, arguments, change] {
        const auto session = context.open_session(Access::kWrite);
        session->edit_document(arguments->id, change);
        print_change(context, *session, "edit", {arguments->id});
      };
    });
  }
  {
    CLI::App& command = add_command(root, "doc delete");
    const auto id = std::make_shared<DocumentId>(0);
    command.add_option("ID", *id, "the passage's number")->required();
    command.callback([&context, id] {
      context.action = [&context, id] {
        const auto session = context.open_session(Access::kWrite);
        session->delete_document(*id);
        print_change(context, *session, "delete", {*id});
      };
    });
  }
  add_command(root, "doc undo").callback([&context] {
    context.action = [&context] {
      const auto session = context.open_session(Access::kWrite);
      const std::vector<DocumentId> touched =
          session->undo(context.stop, context.console.progress());
      print_change(context, *session, "undo", touched);
    };
  });
  add_command(root, "doc redo").callback([&context] {
    context.action = [&context] {
      const auto session = context.open_session(Access::kWrite);
      const std::vector<DocumentId> touched =
          session->redo(context.stop, context.console.progress());
      print_change(context, *session, "redo", touched);
    };
  });
  {
    CLI::App& command = add_command(root, "doc log");
    const auto id = std::make_shared<DocumentId>(0);
    const auto limit = std::make_shared<int>(50);
    CLI::Option* given = command.add_option("ID", *id, "only of this passage");
    command.add_option("--limit", *limit, "how many, newest first")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    command.callback([&context, id, limit, given] {
      const std::optional<DocumentId> only = given->empty() ? std::nullopt : std::optional(*id);
      context.action = [&context, only, limit] { run_log(context, only, *limit); };
    });
  }
}

}  // namespace realm
