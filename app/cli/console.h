// Console: what a command says. Results go to standard output, as text or as JSON; sentences and
// progress go to standard error, so that output can be piped (CLI.md).
//
// Thread rule: the main thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/progress.h"

namespace realm {

class Console {
 public:
  bool json = false;   // results as JSON: text() prints nothing
  bool quiet = false;  // no notes and no progress

  // A result for a person; a line end is added.
  void text(std::string_view lines) const;
  // A result for a program: one JSON document, or one line of JSON Lines.
  void document(std::string_view document) const;
  // Something worth knowing beside the result: one sentence.
  void note(std::string_view sentence) const;
  // A bar that redraws itself where standard error is a terminal, else a line when a stage begins,
  // every few seconds and when it ends. Nothing when quiet.
  ProgressCallback progress() const;
};

}  // namespace realm
