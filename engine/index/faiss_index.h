// MIPS indexes on FAISS over a table of embeddings: exact search straight from the table's memory (nothing is copied, so a
// mapped file of millions of rows opens at once), or any FAISS factory string with inner product as its metric.
// Thread rule and errors: as MipsIndex.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/index/mips_index.h"
#include "engine/index/vector_table.h"

namespace realm {

inline constexpr const char* kExactIndexType = "exact";

// `type`: "exact" or a FAISS factory string, for example "IVF1024,Flat". Trains and fills the index: blocks, for long on
// big tables. Throws Error{kInvalidArgument} naming a factory string that FAISS does not accept.
std::shared_ptr<const MipsIndex> make_index(const std::string& type, VectorTable vectors, int64_t generation);

// The FAISS structure of a non-exact index, beside its embedding file. Blocks on disk. Throws Error{kIo, kCorruptData}.
void save_faiss_index(const MipsIndex& index, const std::filesystem::path& file);
std::shared_ptr<const MipsIndex> load_faiss_index(const std::string& type, VectorTable vectors, int64_t generation,
                                                  const std::filesystem::path& file);

}  // namespace realm
