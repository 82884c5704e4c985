// MipsIndex: maximum inner product search over document embeddings (REALM paper section 3.3).
//
// Vectors are row-major float32, n x D. A score is an inner product: higher is better. Searches are
// thread-safe and block.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/text/corpus.h"

namespace realm {

struct Hit {
  DocumentId id = kNullDocumentId;
  float score = 0;
};

class MipsIndex {
 public:
  virtual ~MipsIndex() = default;
  virtual std::string type() const = 0;    // "exact" or a FAISS factory string
  virtual int dimension() const = 0;       // D
  virtual int64_t size() const = 0;        // number of vectors
  virtual int64_t generation() const = 0;  // which refresh built it
  // For each of the B queries (B*D values) up to k hits, best first; ties by the smaller id. Fewer
  // than k only where the index holds fewer. Throws Error{kMismatch} when queries.size() is not a
  // multiple of D.
  virtual std::vector<std::vector<Hit>> search(std::span<const float> queries, int k) const = 0;
  // The stored vectors of `ids`, ids.size()*D values in the order given. Throws Error{kNotFound}
  // naming an absent id.
  virtual std::vector<float> vectors(std::span<const DocumentId> ids) const = 0;
  virtual bool contains(DocumentId id) const = 0;
};

}  // namespace realm
