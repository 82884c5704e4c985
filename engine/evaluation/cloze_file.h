// Cloze files: sentences with a hidden word and what is known about it, one JSON object a line.
//
//   {"text": "... [[answer]] ...",         the sentence; [[ ]] marks y
//    "title": "...",                       title of the passage that states the fact; optional
//    "titles": ["...", ...],               of all passages that state it; optional
//    "set": "...",                         name of the group that figures are given for; optional
//    "add": [{"title","text","source"}],   passages that are there for this item alone; optional
//    "edit": {"title","text"},             new text of the passage with that title, for this item
//    alone; optional "old_answer": "..."}                  what was right before the edit; optional
//
// Rows of the task "retrieval" may have a text without a hidden word, or "question" in place of
// "text". Pure reading; blocks on disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/text/corpus.h"

namespace realm {

struct PassageEdit {
  std::string title, text;
};

struct ClozeItem {
  int64_t line = 0;  // in its file, from 1
  std::string text;
  std::string set;                   // the file's name without extension where the row names none
  std::optional<std::string> title;  // of the gold passage
  std::vector<std::string> titles;   // of others that state the fact as well
  bool is_gold(
      const std::string& candidate) const;  // whether a passage of that title states the fact
  std::vector<Document> add;                // ids are not set
  std::optional<PassageEdit> edit;
  std::string old_answer;
};

// Blank lines are skipped. At most `limit` items (0: all). Throws Error{kNotFound} for a missing
// file, Error{kCorruptData} naming the line that is no such object, or when there is no item at
// all.
std::vector<ClozeItem> read_cloze_file(const std::filesystem::path& file, int64_t limit = 0);

}  // namespace realm
