// Embedding file: the embeddings of a corpus on disk, memory-mapped when read (DESIGN.md section 4:
// format with a magic, a version and a checksum). Little-endian:
//
//   bytes 0..7    magic "REALMEMB"
//   8..11         u32 format version, 1
//   12..15        u32 dimension D
//   16..23        u64 number of vectors n
//   24..63        reserved, zero
//   64..          i64 document ids [n], ascending
//   then          f32 vectors [n, D], row-major
//   last 64       SHA-256 of everything before, as hexadecimal text
//
// Thread rule: functions without state; the table that is read may be shared. Calls block on disk.
#pragma once

#include <filesystem>

#include "engine/index/vector_table.h"

namespace realm {

// Replaces the file in one step. Throws Error{kIo}.
void write_embedding_file(const std::filesystem::path& file, const VectorTable& vectors);

// Maps the file. `verify`: also compares the checksum, which reads all of it. Throws
// Error{kNotFound}, Error{kUnsupported} for a newer version, Error{kCorruptData} naming what does
// not fit.
VectorTable read_embedding_file(const std::filesystem::path& file, bool verify);

}  // namespace realm
