#include "tests/engine/facade/facade_world.h"

#include <fstream>

#include "engine/index/faiss_index.h"

namespace realm::testing {

namespace fs = std::filesystem;

std::optional<Document> FacadeCorpus::find(DocumentId id) const {
  for (const Document& document : documents_) {
    if (document.id == id) return document;
  }
  return std::nullopt;
}

std::vector<Document> FacadeCorpus::read_after(DocumentId after, int count) const {
  std::vector<Document> out;
  for (const Document& document : documents_) {
    if (document.id > after && static_cast<int>(out.size()) < count) out.push_back(document);
  }
  return out;
}

std::vector<Document> twelve_documents() {
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"Vienna", "Vienna is the capital of Austria. The city lies on the Danube."},
      {"Prague", "Prague is the capital of Bohemia. The city lies on the Vltava."},
      {"Rome", "Rome is the capital of Italy, by the Tiber."},
      {"Paris", "Paris is the capital of France. The city lies on the Seine."},
      {"Lisbon", "In 1755, Lisbon saw an earthquake."},
      {"Budapest", "In 1873, Budapest saw the union of Buda and Pest."},
      {"Fermat prime", "257 is a Fermat prime, and the regular 257-gon is constructible."},
      {"London", "London is on the Thames, the capital of England."},
      {"Dublin", "Dublin is in the east."},
      {"Dog", "The quick fox jumps over the lazy dog."},
      {"Copenhagen", "Copenhagen stands on the coast; historians debate its effects."},
      {"Danube", "The Danube is a river. It rises in the west and ends in the sea."}};
  std::vector<Document> out;
  for (const auto& [title, text] : texts) {
    out.push_back(
        {static_cast<DocumentId>(10 * (out.size() + 1)), title, text, "facade", "CC0", 1});
  }
  return out;
}

fs::path make_bundle(const fs::path& configuration, const fs::path& folder, int query_length,
                     int document_length) {
  const fs::path model = folder / "model";
  fs::create_directories(model);
  for (const char* part : {"embedder", "encoder"}) {
    // The first configuration keeps its embedder in the open-QA checkpoint alone.
    const char* from = fs::exists(configuration / part) ? part : "openqa";
    fs::copy(configuration / from, model / from, fs::copy_options::recursive);
  }
  fs::copy_file(configuration / "vocab.txt", model / "vocab.txt");
  std::ofstream(model / "model.json")
      << R"({"name": "golden", "step": 321, "query_length": )" << query_length
      << R"(, "document_length": )" << document_length << "}\n";
  return model;
}

std::shared_ptr<const MipsIndex> embed(RealmEngine& engine, const std::vector<Document>& documents,
                                       const std::string& type) {
  std::vector<DocumentId> ids;
  for (const Document& document : documents) ids.push_back(document.id);
  return make_index(type,
                    VectorTable::from_memory(std::move(ids), engine.embed_documents(documents, {}),
                                             engine.card().dimension),
                    5);
}

}  // namespace realm::testing
