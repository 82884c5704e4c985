// What the tests of RealmEngine ask: a corpus in memory, and a model folder put together from the
// golden parts.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/index/mips_index.h"
#include "engine/realm_engine.h"
#include "engine/text/corpus.h"

namespace realm::testing {

class FacadeCorpus final : public Corpus {
 public:
  explicit FacadeCorpus(std::vector<Document> documents) : documents_(std::move(documents)) {}
  std::string name() const override { return "facade"; }
  int64_t size() const override { return static_cast<int64_t>(documents_.size()); }
  int64_t revision() const override { return 17; }
  std::string fingerprint() const override { return "fingerprint of facade"; }
  std::optional<Document> find(DocumentId id) const override;
  std::vector<Document> read_after(DocumentId after, int count) const override;
  const std::vector<Document>& documents() const { return documents_; }

 private:
  std::vector<Document> documents_;
};

// Twelve documents, ids 10, 20, ... 120, in the words of the golden vocabulary.
std::vector<Document> twelve_documents();

// Makes `folder`/model: the parts of `configuration` ("cfg_a", "cfg_b") with their vocabulary and
// the lengths given.
std::filesystem::path make_bundle(const std::filesystem::path& configuration,
                                  const std::filesystem::path& folder, int query_length,
                                  int document_length);

// The corpus embedded by the engine, searched exactly.
std::shared_ptr<const MipsIndex> embed(RealmEngine& engine, const std::vector<Document>& documents,
                                       const std::string& type = "exact");

}  // namespace realm::testing
