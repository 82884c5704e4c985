// MIPS indexes on FAISS over a table of embeddings: exact search straight from the table's memory
// (nothing is copied, so a mapped file of millions of rows opens at once), or any FAISS factory
// string with inner product as its metric. Thread rule and errors: as MipsIndex.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/index/mips_index.h"
#include "engine/index/vector_table.h"

namespace realm {

inline constexpr const char* kExactIndexType = "exact";

// `type`: "exact" or a FAISS factory string, for example "IVF1024,Flat". Trains and fills the
// index: blocks, for long on big tables. An inverted file looks into a sixteenth of its lists, at
// least 8, and HNSW keeps 64 neighbours in sight; where FAISS finds fewer than k rows that way, the
// exact search answers. Throws Error{kInvalidArgument} naming a factory string that FAISS does not
// accept.
std::shared_ptr<const MipsIndex> make_index(const std::string& type, VectorTable vectors,
                                            int64_t generation);

// The FAISS structure of a non-exact index, beside its embedding file. Little-endian:
//
//   bytes 0..7    magic "REALMIDX"
//   8..11         u32 format version, 1
//   12..15        reserved, zero
//   16..          the index as FAISS serialises it; its labels are row numbers of the embedding
//   file last 64       SHA-256 of everything before, as hexadecimal text
//
// Blocks on disk. Saving replaces the file in one step and throws Error{kIo}; loading reads and
// checks all of it and throws Error{kNotFound}, Error{kUnsupported} for another version,
// Error{kCorruptData}, Error{kMismatch} when the embeddings are not those that it was built from
// (their number or dimension differs).
void save_faiss_index(const MipsIndex& index, const std::filesystem::path& file);
std::shared_ptr<const MipsIndex> load_faiss_index(const std::string& type, VectorTable vectors,
                                                  int64_t generation,
                                                  const std::filesystem::path& file);

}  // namespace realm
