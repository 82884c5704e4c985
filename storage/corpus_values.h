// The plain values of the corpus table, its search and its revision log, shared by storage, the
// command line and the window. No SQL, no behaviour.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/text/corpus.h"

namespace realm {

// One row of the corpus table. `snippet` holds the first words of the text, or with a search the
// part that it was found in, with the hits between U+0002 and U+0003; likewise with `contains` or
// an expression, where it is the text that it was found in.
struct DocumentRow {
  DocumentId id = 0;
  std::string title, snippet, source;
  int64_t words = 0;
  bool dirty = false;   // its vector does not follow its text yet
  bool edited = false;  // its text is not the one that was imported or added
};

// kByTitle and kBySource leave ASCII case out. Among equals, in order of id.
enum class DocumentOrder {
  kById,
  kByTitle,
  kByRelevance,  // only with a search text, else as kById; best first whatever `descending` says
  kByWords,
  kBySource  // by name, then by licence as they came in
};

// What a document may lack.
enum class DocumentGap { kNone, kTitle, kSource };

// Which documents, in which order, and which page of them. All conditions must hold.
struct DocumentQuery {
  // Empty: all. Plain words, all of which must occur; quoted phrases; a leading minus excludes.
  // Never an SQL or FTS error.
  std::string search{};
  std::string source{};  // empty: all
  DocumentOrder order = DocumentOrder::kById;
  int64_t offset = 0;
  int limit = 200;
  bool descending = false;
  bool except_source = false;  // all sources but `source`
  // In the text, as it stands but for case (Latin, Greek and Cyrillic letters), inside of words
  // too; empty: any.
  std::string contains{}, lacks{};
  std::string
      expression{};  // a regular expression over title and text, each by itself; empty: none
  DocumentGap gap = DocumentGap::kNone;  // only documents that lack it

  bool operator==(const DocumentQuery&) const = default;
  bool filters() const {  // whether anything but words is asked for
    return !source.empty() || !contains.empty() || !lacks.empty() || !expression.empty() ||
           gap != DocumentGap::kNone;
  }
};

struct DocumentPage {
  DocumentQuery query;
  std::vector<DocumentRow> rows;
  int64_t total = 0;  // of all rows that the query finds
};

struct DocumentChange {
  std::optional<std::string> title, text;  // nullopt: as it is
};

struct RevisionEntry {
  int64_t revision = 0;
  std::string at, who,
      what;  // ISO 8601 UTC; user name; "edit", "add", "delete", "import", "undo", "redo"
  DocumentId document = 0;  // 0: many
  // Of an added document the befores are empty, of a deleted one the afters. A text that the
  // revision left as it was is empty on both sides (a document's text never is), a title is given
  // on both.
  std::string title_before, title_after, text_before, text_after;
  int64_t documents = 1;  // how many it touched
};

// Why a row of an import file gives no document.
struct ImportProblem {
  int64_t line = 0;  // 1 is the first line of the file
  std::string reason;
};

// How a document of an import file would be split, as a preview shows it.
struct ImportSample {
  struct Passage {
    int64_t words = 0;
    int64_t word_pieces = 0;  // of title and text; 0: there is no model to count them
    std::string opening;      // the first words
  };
  int64_t line = 0;  // where it begins in the file
  std::string title;
  int64_t passages = 0;
  std::vector<Passage> first;  // the first dozen
};

}  // namespace realm
