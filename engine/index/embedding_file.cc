#include "engine/index/embedding_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/atomic_file.h"
#include "engine/base/digest.h"
#include "engine/base/error.h"

namespace realm {
namespace {

constexpr std::string_view kMagic = "REALMEMB";
constexpr uint32_t kVersion = 1;
constexpr size_t kHeaderSize = 64;
constexpr uint32_t kLargestDimension = 1U << 20;
constexpr size_t kDigestSize = 64;

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t dimension;
  uint64_t count;
  char reserved[40];
};
static_assert(sizeof(Header) == kHeaderSize);

class Mapping {
 public:
  explicit Mapping(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
      throw Error(ErrorCode::kNotFound,
                  fmt::format("The embedding file {} cannot be opened.", file.string()));
    }
    struct stat status {};
    if (::fstat(descriptor, &status) == 0 && status.st_size > 0) {
      size_ = static_cast<size_t>(status.st_size);
      data_ = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, descriptor, 0);
    }
    ::close(descriptor);
    if (data_ == MAP_FAILED || data_ == nullptr) {
      data_ = nullptr;
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("The embedding file {} cannot be mapped.", file.string()));
    }
  }
  ~Mapping() {
    if (data_ != nullptr) ::munmap(data_, size_);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  const std::byte* data() const { return static_cast<const std::byte*>(data_); }
  size_t size() const { return size_; }

 private:
  void* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace

void write_embedding_file(const std::filesystem::path& file, const VectorTable& vectors) {
  Header header{};
  std::memcpy(header.magic, kMagic.data(), kMagic.size());
  header.version = kVersion;
  header.dimension = static_cast<uint32_t>(vectors.dimension());
  header.count = static_cast<uint64_t>(vectors.size());
  AtomicFile out(file);
  Sha256 digest;
  const auto write = [&](std::span<const std::byte> bytes) {
    digest.update(bytes);
    out.write(bytes);
  };
  write(std::as_bytes(std::span(&header, 1)));
  write(std::as_bytes(vectors.ids()));
  write(std::as_bytes(vectors.rows()));
  out.write(digest.hex());
  out.commit();
}

VectorTable read_embedding_file(const std::filesystem::path& file, bool verify) {
  const auto mapping = std::make_shared<Mapping>(file);
  const auto corrupt = [&](const std::string& what) {
    return Error(ErrorCode::kCorruptData,
                 fmt::format("The embedding file {} {}.", file.string(), what));
  };
  Header header{};
  if (mapping->size() < kHeaderSize + kDigestSize) throw corrupt("is too short");
  std::memcpy(&header, mapping->data(), kHeaderSize);
  if (std::string_view(header.magic, kMagic.size()) != kMagic)
    throw corrupt("does not begin with REALMEMB");
  if (header.version > kVersion) {
    throw Error(
        ErrorCode::kUnsupported,
        fmt::format("The embedding file {} has format version {}, but this program reads up to {}.",
                    file.string(), header.version, kVersion));
  }
  const size_t payload = mapping->size() - kHeaderSize - kDigestSize;
  const size_t row = sizeof(int64_t) + sizeof(float) * static_cast<size_t>(header.dimension);
  if (header.version == 0) throw corrupt("has format version 0");
  if (header.dimension == 0 || header.dimension > kLargestDimension || payload % row != 0 ||
      payload / row != header.count) {
    throw corrupt(fmt::format("should hold {} vectors of dimension {}, but its size is {} bytes",
                              header.count, header.dimension, mapping->size()));
  }
  if (verify) {
    const std::span<const std::byte> content(mapping->data(), mapping->size() - kDigestSize);
    const std::string_view stored(reinterpret_cast<const char*>(mapping->data()) + content.size(),
                                  kDigestSize);
    if (Sha256().update(content).hex() != stored) throw corrupt("does not match its checksum");
  }
  const auto count = static_cast<size_t>(header.count);
  const auto* ids = reinterpret_cast<const DocumentId*>(mapping->data() + kHeaderSize);
  const auto* rows =
      reinterpret_cast<const float*>(mapping->data() + kHeaderSize + count * sizeof(DocumentId));
  try {
    return VectorTable::view({ids, count}, {rows, count * header.dimension},
                             static_cast<int>(header.dimension), mapping);
  } catch (const Error& error) {
    throw Error(error.code(),
                fmt::format("The embedding file {} is damaged: {}", file.string(), error.what()));
  }
}

}  // namespace realm
