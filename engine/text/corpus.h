// Corpus: the knowledge corpus Z of REALM (paper section 3.1), as the engine sees it. Storage
// implements it over SQLite.
//
// Thread rule: const calls from one thread per instance (open a second instance for a second
// thread). Calls block on disk.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace realm {

// A document's id is its SQLite rowid and its vector id, for ever (DESIGN.md section 4). Positive.
using DocumentId = int64_t;

// Stands for the null document (the empty passage) wherever a document id is asked for.
inline constexpr DocumentId kNullDocumentId = 0;

// A passage z = title + body. Valid UTF-8.
struct Document {
  DocumentId id = kNullDocumentId;
  std::string title;
  std::string text;
  std::string source;  // where it came from; documents of one source are of one kind
  std::string licence;
  int64_t revision = 0;  // corpus revision that wrote this state of it
};

class Corpus {
 public:
  virtual ~Corpus() = default;
  virtual std::string name() const = 0;
  virtual int64_t size() const = 0;      // number of documents N
  virtual int64_t revision() const = 0;  // grows by one with every edit or import
  virtual std::string fingerprint()
      const = 0;  // changes whenever any document does; an index records it
  virtual std::optional<Document> find(DocumentId id) const = 0;  // nullopt: no such document
  // Up to `count` documents with id > after, in id order. Empty: the end.
  virtual std::vector<Document> read_after(DocumentId after, int count) const = 0;
};

}  // namespace realm
