#include "engine/base/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/error.h"

namespace realm {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

}  // namespace

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, FreeContext> context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  state_->context.reset(EVP_MD_CTX_new());
  // OpenSSL fails here only when memory is out or its own set-up lacks SHA-256 altogether.
  if (!state_->context || EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) != 1) {
    throw Error(ErrorCode::kResourceExhausted, "OpenSSL could not start a SHA-256 digest.");
  }
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(std::span<const std::byte> bytes) {
  REALM_CHECK(state_ != nullptr);
  if (!bytes.empty()) {
    REALM_CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
  }
  return *this;
}

Sha256& Sha256::update(std::string_view bytes) {
  return update(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

std::string Sha256::hex() {
  REALM_CHECK(state_ != nullptr);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  REALM_CHECK(EVP_DigestFinal_ex(state_->context.get(), digest.data(), &size) == 1);
  state_.reset();
  std::string text;
  text.reserve(2 * size);
  for (unsigned int i = 0; i < size; ++i)
    fmt::format_to(std::back_inserter(text), "{:02x}", digest[i]);
  return text;
}

std::string sha256_hex(std::string_view bytes) { return Sha256().update(bytes).hex(); }

std::string sha256_of_file(const std::filesystem::path& file) {
  const std::unique_ptr<std::FILE, CloseFile> stream(std::fopen(file.c_str(), "rb"));
  if (!stream) {
    const int reason = errno;
    throw Error(reason == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                fmt::format("Cannot read {}: {}.", file.string(), std::strerror(reason)));
  }
  Sha256 digest;
  std::vector<char> part(size_t{1} << 20);
  while (true) {
    const size_t count = std::fread(part.data(), 1, part.size(), stream.get());
    digest.update(std::string_view(part.data(), count));
    if (count < part.size()) break;
  }
  if (std::ferror(stream.get()) != 0) {
    throw Error(ErrorCode::kIo,
                fmt::format("Cannot read {}: {}.", file.string(), std::strerror(errno)));
  }
  return digest.hex();
}

}  // namespace realm
