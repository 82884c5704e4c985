#include "storage/exporters.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"

namespace realm {
namespace {

constexpr int kDocumentsARead = 1000;

std::string json_line(const Document& document) {
  const nlohmann::ordered_json object = {{"id", document.id},
                                         {"title", document.title},
                                         {"text", document.text},
                                         {"source", document.source},
                                         {"licence", document.licence}};
  // A text that is not valid UTF-8 cannot be in a corpus that we wrote; in a damaged one it is
  // shown as such.
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

void append_field(std::string& line, const std::string& field) {
  const bool quoted = field.find_first_of("\t\n\r") != std::string::npos || field.starts_with('"');
  if (!quoted) {
    line += field;
    return;
  }
  line += '"';
  for (const char c : field) line.append(c == '"' ? 2 : 1, c);
  line += '"';
}

std::string tsv_line(const Document& document) {
  std::string line = std::to_string(document.id);
  for (const std::string* field :
       {&document.title, &document.text, &document.source, &document.licence}) {
    line += '\t';
    append_field(line, *field);
  }
  return line + "\n";
}

}  // namespace

int64_t export_corpus(const Corpus& corpus, const std::filesystem::path& file, ExportFormat format,
                      std::stop_token stop, const ProgressCallback& progress) {
  AtomicFile out(file);
  Progress state{0, corpus.size(), "exporting"};
  if (format == ExportFormat::kTsv) out.write("id\ttitle\ttext\tsource\tlicence\n");
  DocumentId last = kNullDocumentId;
  while (true) {
    const std::vector<Document> documents = corpus.read_after(last, kDocumentsARead);
    if (documents.empty()) break;
    if (stop.stop_requested()) {
      throw Error(
          ErrorCode::kCancelled,
          fmt::format("The export to '{}' was cancelled; nothing was written.", file.string()));
    }
    std::string lines;
    for (const Document& document : documents) {
      lines += format == ExportFormat::kTsv ? tsv_line(document) : json_line(document);
    }
    out.write(lines);
    last = documents.back().id;
    state.done += static_cast<int64_t>(documents.size());
    if (progress) progress(state);
  }
  out.commit();
  return state.done;
}

}  // namespace realm
