#include "engine/index/faiss_index.h"

#include <algorithm>
#include <fstream>
#include <new>
#include <numeric>

#include <faiss/IVFlib.h>
#include <faiss/Index.h>
#include <faiss/IndexHNSW.h>
#include <faiss/impl/FaissException.h>
#include <faiss/impl/io.h>
#include <faiss/index_factory.h>
#include <faiss/index_io.h>
#include <faiss/utils/distances.h>
#include <fmt/format.h>

#include "engine/base/atomic_file.h"
#include "engine/base/check.h"
#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "engine/index/table_index.h"

namespace realm {
namespace {

constexpr std::string_view kMagic = "REALMIDX";
constexpr uint32_t kVersion = 1;
constexpr size_t kDigestSize = 64;

// An index that FAISS searches.
class FaissIndex : public TableIndex {
 public:
  using TableIndex::TableIndex;

 protected:
  // Row numbers (or -1) and scores of the best `reach` rows of each query.
  virtual void find_rows(const float* queries, size_t count, size_t reach, float* scores,
                         int64_t* rows) const = 0;

 private:
  void find(std::span<const float> queries, int64_t reach,
            std::vector<std::vector<Hit>>& results) const override {
    const auto wide = static_cast<size_t>(reach);
    std::vector<float> scores(results.size() * wide);
    std::vector<int64_t> rows(results.size() * wide);
    try {
      find_rows(queries.data(), results.size(), wide, scores.data(), rows.data());
    } catch (const faiss::FaissException& error) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("FAISS could not search the index: {}", error.what()));
    }
    for (size_t i = 0; i < rows.size(); ++i) {
      if (rows[i] >= 0) results[i / wide].push_back(hit(rows[i], scores[i]));
    }
  }
};

class ExactIndex final : public FaissIndex {
 public:
  using FaissIndex::FaissIndex;

 protected:
  // FAISS keeps any of the rows that tie for the last place, so one more is asked for to see a tie,
  // and of a tie all.
  void find_rows(const float* queries, size_t count, size_t reach, float* scores,
                 int64_t* rows) const override {
    const auto all = static_cast<size_t>(size());
    const size_t wide = std::min(all, reach + 1);
    std::vector<float> found_scores(count * wide);
    std::vector<int64_t> found_rows(count * wide);
    knn(queries, count, wide, found_scores.data(), found_rows.data());
    for (size_t b = 0; b < count; ++b) {
      const auto first = static_cast<std::ptrdiff_t>(b * wide);
      std::vector<float> s(found_scores.begin() + first,
                           found_scores.begin() + first + static_cast<std::ptrdiff_t>(wide));
      std::vector<int64_t> r(found_rows.begin() + first,
                             found_rows.begin() + first + static_cast<std::ptrdiff_t>(wide));
      while (s.size() < all && s.back() == s[reach - 1]) {
        s.resize(std::min(all, 2 * s.size()));
        r.resize(s.size());
        knn(queries + b * static_cast<size_t>(dimension()), 1, s.size(), s.data(), r.data());
      }
      std::vector<size_t> order(s.size());
      std::iota(order.begin(), order.end(), size_t{0});
      std::sort(order.begin(), order.end(),
                [&](size_t i, size_t j) { return s[i] != s[j] ? s[i] > s[j] : r[i] < r[j]; });
      for (size_t i = 0; i < reach; ++i) {
        scores[b * reach + i] = s[order[i]];
        rows[b * reach + i] = r[order[i]];
      }
    }
  }

 private:
  void knn(const float* queries, size_t count, size_t reach, float* scores, int64_t* rows) const {
    faiss::knn_inner_product(queries, table().rows().data(), static_cast<size_t>(dimension()),
                             count, static_cast<size_t>(size()), reach, scores, rows);
  }
};

class FactoryIndex final : public FaissIndex {
 public:
  FactoryIndex(std::string type, VectorTable vectors, int64_t generation,
               std::unique_ptr<faiss::Index> index)
      : FaissIndex(std::move(type), std::move(vectors), generation), index_(std::move(index)) {}
  const faiss::Index& faiss_index() const { return *index_; }

 protected:
  void find_rows(const float* queries, size_t count, size_t reach, float* scores,
                 int64_t* rows) const override {
    index_->search(static_cast<int64_t>(count), queries, static_cast<int64_t>(reach), scores, rows);
    // An inverted file may find fewer than were asked for in the lists that it looked into; then
    // all rows are looked at.
    const auto width = static_cast<size_t>(dimension());
    for (size_t b = 0; b < count; ++b) {
      if (std::find(rows + b * reach, rows + (b + 1) * reach, -1) == rows + (b + 1) * reach)
        continue;
      faiss::knn_inner_product(queries + b * width, table().rows().data(), width, 1,
                               static_cast<size_t>(size()), reach, scores + b * reach,
                               rows + b * reach);
    }
  }

 private:
  std::unique_ptr<faiss::Index> index_;
};

// How far a search looks. FAISS's own defaults (1 list, 16 neighbours) are meant for timing, not
// for use.
void set_search_breadth(faiss::Index& index) {
  if (faiss::IndexIVF* ivf = faiss::ivflib::try_extract_index_ivf(&index)) {
    ivf->nprobe = std::min(ivf->nlist, std::max<size_t>(8, ivf->nlist / 16));
  }
  if (auto* hnsw = dynamic_cast<faiss::IndexHNSW*>(&index)) hnsw->hnsw.efSearch = 64;
}

// FAISS's serialisation into our file, with the digest taken on the way.
struct DigestingWriter final : faiss::IOWriter {
  explicit DigestingWriter(AtomicFile& file) : out(file) {}
  size_t operator()(const void* data, size_t size, size_t count) override {
    write(std::span(static_cast<const std::byte*>(data), size * count));
    return count;
  }
  void write(std::span<const std::byte> bytes) {
    digest.update(bytes);
    out.write(bytes);
  }
  AtomicFile& out;
  Sha256 digest;
};

// And back, never beyond the bytes that the checksum covers.
struct BoundedReader final : faiss::IOReader {
  size_t operator()(void* data, size_t size, size_t count) override {
    if (size == 0 || count > left / size) return 0;
    stream.read(static_cast<char*>(data), static_cast<std::streamsize>(size * count));
    const auto got = static_cast<size_t>(stream.gcount());
    left -= got;
    return got / size;
  }
  std::ifstream stream;
  size_t left = 0;
};

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t reserved;
};
static_assert(sizeof(Header) == 16);

// Checks header and checksum; leaves the reader at FAISS's part.
void open_checked(const std::filesystem::path& file, BoundedReader& reader) {
  const auto corrupt = [&](const char* what) {
    return Error(ErrorCode::kCorruptData,
                 fmt::format("The index file {} {}.", file.string(), what));
  };
  reader.stream.open(file, std::ios::binary);
  if (!reader.stream)
    throw Error(ErrorCode::kNotFound,
                fmt::format("The index file {} cannot be opened.", file.string()));
  std::error_code ignored;
  const auto size = static_cast<size_t>(std::filesystem::file_size(file, ignored));
  if (ignored || size < sizeof(Header) + kDigestSize) throw corrupt("is too short");
  Header header{};
  reader.stream.read(reinterpret_cast<char*>(&header), sizeof header);
  if (std::string_view(header.magic, kMagic.size()) != kMagic)
    throw corrupt("does not begin with REALMIDX");
  if (header.version != kVersion) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("The index file {} has format version {}, but this program reads {}.",
                            file.string(), header.version, kVersion));
  }
  Sha256 digest;
  digest.update(std::as_bytes(std::span(&header, 1)));
  std::vector<char> buffer(size_t{1} << 20);
  for (size_t left = size - sizeof header - kDigestSize; left > 0;) {
    const size_t part = std::min(left, buffer.size());
    if (!reader.stream.read(buffer.data(), static_cast<std::streamsize>(part)))
      throw corrupt("cannot be read whole");
    digest.update(std::string_view(buffer.data(), part));
    left -= part;
  }
  std::string stored(kDigestSize, '\0');
  if (!reader.stream.read(stored.data(), kDigestSize) || digest.hex() != stored) {
    throw corrupt("does not match its checksum");
  }
  reader.stream.seekg(sizeof header);
  reader.left = size - sizeof header - kDigestSize;
}

}  // namespace

std::shared_ptr<const MipsIndex> make_index(const std::string& type, VectorTable vectors,
                                            int64_t generation) {
  if (type == kExactIndexType)
    return std::make_shared<ExactIndex>(type, std::move(vectors), generation);
  try {
    std::unique_ptr<faiss::Index> index(
        faiss::index_factory(vectors.dimension(), type.c_str(), faiss::METRIC_INNER_PRODUCT));
    // FAISS aborts the program when it fills an inverted file without lists.
    const faiss::IndexIVF* ivf = faiss::ivflib::try_extract_index_ivf(index.get());
    if (ivf != nullptr && ivf->nlist == 0) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("An index of type \"{}\" would have no lists.", type));
    }
    index->train(vectors.size(), vectors.rows().data());
    index->add(vectors.size(), vectors.rows().data());
    set_search_breadth(*index);
    return std::make_shared<FactoryIndex>(type, std::move(vectors), generation, std::move(index));
  } catch (const faiss::FaissException& error) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("FAISS cannot build an index of type \"{}\" over {} vectors: {}", type,
                            vectors.size(), error.what()));
  }
}

void save_faiss_index(const MipsIndex& index, const std::filesystem::path& file) {
  const auto* factory = dynamic_cast<const FactoryIndex*>(&index);
  REALM_CHECK(factory != nullptr);
  AtomicFile out(file);
  DigestingWriter writer(out);
  Header header{};
  std::copy(kMagic.begin(), kMagic.end(), header.magic);
  header.version = kVersion;
  writer.write(std::as_bytes(std::span(&header, 1)));
  try {
    faiss::write_index(&factory->faiss_index(), &writer);
  } catch (const faiss::FaissException& error) {
    throw Error(ErrorCode::kIo, fmt::format("The index file {} could not be written: {}",
                                            file.string(), error.what()));
  }
  out.write(writer.digest.hex());
  out.commit();
}

std::shared_ptr<const MipsIndex> load_faiss_index(const std::string& type, VectorTable vectors,
                                                  int64_t generation,
                                                  const std::filesystem::path& file) {
  BoundedReader reader;
  open_checked(file, reader);
  try {
    std::unique_ptr<faiss::Index> index(faiss::read_index(&reader));
    if (index->d != vectors.dimension() || index->ntotal != vectors.size()) {
      throw Error(
          ErrorCode::kMismatch,
          fmt::format("The index file {} holds {} vectors of dimension {}, but its embeddings are "
                      "{} of {}.",
                      file.string(), index->ntotal, index->d, vectors.size(), vectors.dimension()));
    }
    return std::make_shared<FactoryIndex>(type, std::move(vectors), generation, std::move(index));
  } catch (const faiss::FaissException& error) {
    throw Error(ErrorCode::kCorruptData, fmt::format("The index file {} could not be read: {}",
                                                     file.string(), error.what()));
  } catch (const std::bad_alloc&) {
    throw Error(
        ErrorCode::kResourceExhausted,
        fmt::format("The index file {} holds {} bytes, for which there is not enough memory.",
                    file.string(), reader.left));
  }
}

}  // namespace realm
