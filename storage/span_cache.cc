#include "storage/span_cache.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "storage/database.h"

namespace realm {
namespace {

constexpr size_t kTextsAtOnce = 512;  // tagged and kept together, so that a stop loses little

Database::Options options_of(Database::Mode mode) {
  Database::Options options;
  options.mode = mode;
  options.what = "Span cache";
  options.application_id = 0x52535043;  // "RSPC"
  options.format_version = 1;
  options.create_sql =
      "CREATE TABLE spans (model TEXT NOT NULL, text TEXT NOT NULL, spans TEXT NOT NULL, "
      "PRIMARY KEY (model, text)) WITHOUT ROWID;";
  options.durable_commits = false;  // what is lost is found again
  return options;
}

// nullptr: neither there nor to be made.
std::unique_ptr<Database> open_cache(const std::filesystem::path& file) {
  std::error_code ignored;
  try {
    if (!std::filesystem::exists(file, ignored)) {
      try {
        return std::make_unique<Database>(file, options_of(Database::Mode::kCreate));
      } catch (const Error& error) {
        // Another process made it in between.
        if (error.code() != ErrorCode::kInvalidArgument) throw;
      }
    }
    return std::make_unique<Database>(file, options_of(Database::Mode::kReadWrite));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kIo || error.code() == ErrorCode::kNotFound) return nullptr;
    throw;
  }
}

// "3 9 name" a line.
std::string write_spans(const std::vector<SalientSpan>& spans) {
  std::ostringstream out;
  for (const SalientSpan& span : spans)
    out << span.bytes.begin << ' ' << span.bytes.end << ' ' << kind_name(span.kind) << '\n';
  return out.str();
}

// nullopt: not what write_spans wrote for a text of this size.
std::optional<std::vector<SalientSpan>> read_spans(const std::string& row, size_t text_size) {
  std::istringstream in(row);
  std::vector<SalientSpan> spans;
  size_t last = 0;
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    SalientSpan span;
    std::string name;
    if (!(fields >> span.bytes.begin >> span.bytes.end >> name)) return std::nullopt;
    const std::optional<SalientSpanKind> kind = parse_kind(name);
    const bool fits = last <= span.bytes.begin && span.bytes.begin < span.bytes.end &&
                      span.bytes.end <= text_size;
    if (!kind || !fits) return std::nullopt;
    span.kind = *kind;
    last = span.bytes.end;
    spans.push_back(span);
  }
  return spans;
}

}  // namespace

CachedSpanTagger::CachedSpanTagger(std::shared_ptr<const SalientSpanTagger> tagger,
                                   std::string fingerprint, std::filesystem::path file)
    : tagger_(std::move(tagger)), fingerprint_(std::move(fingerprint)), file_(std::move(file)) {}

std::vector<SalientSpan> CachedSpanTagger::tag(std::string_view text) const {
  return tag_all({&text, 1}).front();
}

std::vector<std::vector<SalientSpan>> CachedSpanTagger::tag_all(
    std::span<const std::string_view> texts) const {
  const std::unique_ptr<Database> cache = open_cache(file_);
  if (!cache) return tagger_->tag_all(texts);
  std::vector<std::vector<SalientSpan>> found(texts.size());
  std::vector<std::pair<size_t, std::string>> missing;  // index of the text, its digest
  for (size_t i = 0; i < texts.size(); ++i) {
    std::string digest = sha256_hex(texts[i]);
    Query query = cache->query("SELECT spans FROM spans WHERE model = ? AND text = ?");
    query.bind(fingerprint_, digest);
    std::optional<std::vector<SalientSpan>> kept;
    if (query.step()) kept = read_spans(query.text(0), texts[i].size());
    if (kept) {
      found[i] = std::move(*kept);
    } else {
      missing.emplace_back(i, std::move(digest));
    }
  }
  for (size_t begin = 0; begin < missing.size(); begin += kTextsAtOnce) {
    const size_t count = std::min(kTextsAtOnce, missing.size() - begin);
    std::vector<std::string_view> group;
    for (size_t k = begin; k < begin + count; ++k) group.push_back(texts[missing[k].first]);
    std::vector<std::vector<SalientSpan>> fresh = tagger_->tag_all(group);
    Transaction transaction(*cache, Transaction::Kind::kWrite);
    for (size_t k = 0; k < count; ++k) {
      const auto& [index, digest] = missing[begin + k];
      cache->query("INSERT OR REPLACE INTO spans VALUES (?, ?, ?)")
          .bind(fingerprint_, digest, write_spans(fresh[k]))
          .run();
      found[index] = std::move(fresh[k]);
    }
    transaction.commit();
  }
  return found;
}

}  // namespace realm
