#include "storage/import_intake.h"

#include <utility>

#include "storage/text_cleaning.h"

namespace realm {
namespace {

constexpr size_t kMostProblems = 100;

}  // namespace

std::vector<Document> RowIntake::take(ImportRow row) {
  ++report_.rows;
  Document& document = row.document;
  if (row.fault == RowFault::kNone) {
    bool cleaned = clean_text(document.text);
    for (std::string* line : {&document.title, &document.source, &document.licence}) {
      cleaned = clean_line(*line) || cleaned;
    }
    report_.cleaned_rows += cleaned ? 1 : 0;
    if (document.text.empty()) {
      row.fault = RowFault::kEmpty;
      row.reason = "no text";
    }
  }
  switch (row.fault) {
    case RowFault::kNone:
      break;
    case RowFault::kInvalidUtf8:
      ++report_.skipped_invalid_utf8;
      break;
    case RowFault::kEmpty:
      ++report_.skipped_empty;
      break;
    case RowFault::kMalformed:
      ++report_.skipped_malformed;
      break;
    case RowFault::kTooLong:
      ++report_.skipped_too_long;
      break;
  }
  std::vector<Document> passages;
  if (row.fault != RowFault::kNone) {
    if (report_.problems.size() < kMostProblems) report_.problems.push_back({row.line, row.reason});
    return passages;
  }
  ++report_.documents;
  if (document.source.empty())
    document.source = options_.source.empty() ? file_name_ : options_.source;
  if (document.licence.empty()) document.licence = options_.licence;
  if (!options_.splitter) {
    passages.push_back(std::move(document));
  } else {
    const std::string source = document.source, licence = document.licence;
    for (Document& passage : options_.splitter(std::move(document))) {
      passage.source = source;
      passage.licence = licence;
      clean_text(passage.text);
      if (!passage.text.empty()) passages.push_back(std::move(passage));
    }
  }
  report_.passages += static_cast<int64_t>(passages.size());
  return passages;
}

}  // namespace realm
