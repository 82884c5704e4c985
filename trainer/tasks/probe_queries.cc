#include "trainer/tasks/probe_queries.h"

#include <fstream>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"

namespace realm {
namespace {

class ProbeFile {
 public:
  ProbeFile(const std::filesystem::path& file, const WordPieceTokenizer& tokenizer,
            const PassageTable& passages, const SequenceLengths& lengths)
      : file_(file), tokenizer_(tokenizer), passages_(passages), lengths_(lengths) {}

  std::vector<ProbeQuery> read() {
    std::ifstream stream(file_);
    if (!stream)
      throw Error(ErrorCode::kNotFound,
                  fmt::format("The file of probes {} cannot be read.", file_.string()));
    std::vector<ProbeQuery> out;
    std::set<std::string> names;
    std::string line;
    for (number_ = 1; std::getline(stream, line); ++number_) {
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      out.push_back(parse(line));
      if (!names.insert(out.back().name).second) {
        throw Error(ErrorCode::kInvalidArgument,
                    fmt::format("Line {} of {} names its probe \"{}\", as a line before does.",
                                number_, file_.string(), out.back().name));
      }
    }
    return out;
  }

 private:
  [[noreturn]] void refuse(const std::string& sentence) const {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("Line {} of {}: {}", number_, file_.string(), sentence));
  }

  ProbeQuery parse(const std::string& line) const {
    const auto row = nlohmann::json::parse(line, nullptr, false);
    const auto has_text = [&](const char* key) {
      return row.is_object() && row.contains(key) && row[key].is_string();
    };
    if (!has_text("name") || !has_text("text"))
      refuse("A probe is a JSON object with a \"name\" and a \"text\".");
    ProbeQuery probe;
    probe.name = row["name"].get<std::string>();
    probe.text = row["text"].get<std::string>();
    try {
      probe.x = parse_masked_text(probe.text, std::nullopt, tokenizer_, lengths_);
    } catch (const Error& error) {
      refuse(error.what());
    }
    if (probe.x.answer.empty())
      refuse("A probe names its answer; hide a word as [[word]] instead of [MASK].");
    if (has_text("title")) {
      const auto title = row["title"].get<std::string>();
      probe.gold = passages_.row_of_title(title);
      if (probe.gold < 0)
        refuse(
            fmt::format("The probe \"{}\" names the passage \"{}\", but the corpus has none of "
                        "that title.",
                        probe.name, title));
    }
    return probe;
  }

  const std::filesystem::path& file_;
  const WordPieceTokenizer& tokenizer_;
  const PassageTable& passages_;
  const SequenceLengths& lengths_;
  int64_t number_ = 0;
};

}  // namespace

std::vector<ProbeQuery> load_probes(const std::filesystem::path& file,
                                    const WordPieceTokenizer& tokenizer,
                                    const PassageTable& passages, const SequenceLengths& lengths) {
  return ProbeFile(file, tokenizer, passages, lengths).read();
}

}  // namespace realm
