// SHA-256 (FIPS 180-4) of bytes and of files, as lower-case hexadecimal: the fingerprints of
// models, corpora and artifacts.
//
// Sha256 is for one owner at a time; the functions may be called from any thread. sha256_of_file
// blocks on disk.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace realm {

// A running digest over bytes that arrive in parts. The digest depends on the bytes alone, not on
// how they were cut.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& update(std::span<const std::byte> bytes);
  Sha256& update(std::string_view bytes);
  // 64 hexadecimal digits. Ends the digest: neither update nor hex may be called after it.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);
// Reads the file in parts of 1 MiB. Throws Error{kNotFound} when there is none, Error{kIo} when it
// cannot be read.
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace realm
