#include "engine/index/faiss_index.h"

#include <algorithm>

#include <faiss/Index.h>
#include <faiss/impl/FaissException.h>
#include <faiss/index_factory.h>
#include <faiss/index_io.h>
#include <faiss/utils/distances.h>
#include <fmt/format.h>

#include "engine/base/check.h"
#include "engine/base/error.h"

namespace realm {
namespace {

class TableIndex : public MipsIndex {
 public:
  TableIndex(std::string type, VectorTable vectors, int64_t generation)
      : type_(std::move(type)), vectors_(std::move(vectors)), generation_(generation) {}

  std::string type() const override { return type_; }
  int dimension() const override { return vectors_.dimension(); }
  int64_t size() const override { return vectors_.size(); }
  int64_t generation() const override { return generation_; }
  bool contains(DocumentId id) const override { return vectors_.row_of(id) >= 0; }

  std::vector<float> vectors(std::span<const DocumentId> ids) const override {
    std::vector<float> out;
    out.reserve(ids.size() * static_cast<size_t>(dimension()));
    for (const DocumentId id : ids) {
      const int64_t row = vectors_.row_of(id);
      if (row < 0) throw Error(ErrorCode::kNotFound, fmt::format("The index does not hold document {}.", id));
      const std::span<const float> vector = vectors_.row(row);
      out.insert(out.end(), vector.begin(), vector.end());
    }
    return out;
  }

  std::vector<std::vector<Hit>> search(std::span<const float> queries, int k) const override {
    const auto width = static_cast<size_t>(dimension());
    if (queries.empty() || queries.size() % width != 0) {
      throw Error(ErrorCode::kMismatch, fmt::format("The index has dimension {}, but the queries have {} values in all.",
                                                    width, queries.size()));
    }
    const size_t count = queries.size() / width;
    const auto reach = static_cast<size_t>(std::clamp<int64_t>(k, 0, size()));
    std::vector<std::vector<Hit>> results(count);
    if (reach == 0) return results;
    std::vector<float> scores(count * reach);
    std::vector<int64_t> rows(count * reach);
    try {
      find(queries.data(), count, reach, scores.data(), rows.data());
    } catch (const faiss::FaissException& error) {
      throw Error(ErrorCode::kCorruptData, fmt::format("FAISS could not search the index: {}", error.what()));
    }
    for (size_t b = 0; b < count; ++b) {
      for (size_t i = b * reach; i < (b + 1) * reach; ++i) {
        if (rows[i] >= 0) results[b].push_back({vectors_.ids()[static_cast<size_t>(rows[i])], scores[i]});
      }
      std::sort(results[b].begin(), results[b].end(), [](const Hit& left, const Hit& right) {
        return left.score != right.score ? left.score > right.score : left.id < right.id;
      });
    }
    return results;
  }

 protected:
  // Row numbers (or -1) and scores of the best `reach` rows of each query.
  virtual void find(const float* queries, size_t count, size_t reach, float* scores, int64_t* rows) const = 0;
  const VectorTable& table() const { return vectors_; }

 private:
  std::string type_;
  VectorTable vectors_;
  int64_t generation_;
};

class ExactIndex final : public TableIndex {
 public:
  using TableIndex::TableIndex;

 protected:
  void find(const float* queries, size_t count, size_t reach, float* scores, int64_t* rows) const override {
    faiss::knn_inner_product(queries, table().rows().data(), static_cast<size_t>(dimension()), count,
                             static_cast<size_t>(size()), reach, scores, rows);
  }
};

class FactoryIndex final : public TableIndex {
 public:
  FactoryIndex(std::string type, VectorTable vectors, int64_t generation, std::unique_ptr<faiss::Index> index)
      : TableIndex(std::move(type), std::move(vectors), generation), index_(std::move(index)) {}
  const faiss::Index& faiss_index() const { return *index_; }

 protected:
  void find(const float* queries, size_t count, size_t reach, float* scores, int64_t* rows) const override {
    index_->search(static_cast<int64_t>(count), queries, static_cast<int64_t>(reach), scores, rows);
  }

 private:
  std::unique_ptr<faiss::Index> index_;
};

}  // namespace

std::shared_ptr<const MipsIndex> make_index(const std::string& type, VectorTable vectors, int64_t generation) {
  if (type == kExactIndexType) return std::make_shared<ExactIndex>(type, std::move(vectors), generation);
  try {
    std::unique_ptr<faiss::Index> index(
        faiss::index_factory(vectors.dimension(), type.c_str(), faiss::METRIC_INNER_PRODUCT));
    index->train(vectors.size(), vectors.rows().data());
    index->add(vectors.size(), vectors.rows().data());
    return std::make_shared<FactoryIndex>(type, std::move(vectors), generation, std::move(index));
  } catch (const faiss::FaissException& error) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("FAISS cannot build an index of type \"{}\" over {} vectors: {}", type, vectors.size(),
                            error.what()));
  }
}

void save_faiss_index(const MipsIndex& index, const std::filesystem::path& file) {
  const auto* factory = dynamic_cast<const FactoryIndex*>(&index);
  REALM_CHECK(factory != nullptr);
  try {
    faiss::write_index(&factory->faiss_index(), file.c_str());
  } catch (const faiss::FaissException& error) {
    throw Error(ErrorCode::kIo, fmt::format("The index file {} could not be written: {}", file.string(), error.what()));
  }
}

std::shared_ptr<const MipsIndex> load_faiss_index(const std::string& type, VectorTable vectors, int64_t generation,
                                                  const std::filesystem::path& file) {
  try {
    std::unique_ptr<faiss::Index> index(faiss::read_index(file.c_str()));
    if (index->d != vectors.dimension() || index->ntotal != vectors.size()) {
      throw Error(ErrorCode::kMismatch,
                  fmt::format("The index file {} holds {} vectors of dimension {}, but its embeddings are {} of {}.",
                              file.string(), index->ntotal, index->d, vectors.size(), vectors.dimension()));
    }
    return std::make_shared<FactoryIndex>(type, std::move(vectors), generation, std::move(index));
  } catch (const faiss::FaissException& error) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("The index file {} could not be read: {}", file.string(), error.what()));
  }
}

}  // namespace realm
