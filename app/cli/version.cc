#include "app/cli/version.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "app/cli/json.h"
#include "engine/base/blas_environment.h"
#include "engine/engine_info.h"

namespace realm {

std::string describe_version() {
  const EngineInfo engine = engine_info();
  std::string text =
      fmt::format("realm {}\nLibTorch {}, {} threads\nFAISS {}\nSQLite {}\n", REALM_VERSION,
                  engine.libtorch, engine.threads, engine.faiss, sqlite3_libversion());
  if (const std::optional<BlasKernels> blas = blas_kernels()) {
    text += fmt::format(
        "BLAS {}\n  kernels {}, {} threads of {}\n", blas->library, blas->core, blas->threads,
        blas->parallel_by_openmp ? "OpenMP"
                                 : "its own (slower: libopenblas0-openmp is not in use)");
  } else {
    text += "BLAS other than OpenBLAS\n";
  }
  text += "devices";
  for (const std::string& device : engine.devices) text += " " + device;
  return text;
}

std::string version_json() {
  const EngineInfo engine = engine_info();
  cli::Json blas = nullptr;
  if (const std::optional<BlasKernels> kernels = blas_kernels()) {
    blas = {{"library", kernels->library},
            {"kernels", kernels->core},
            {"threads", kernels->threads},
            {"openmp", kernels->parallel_by_openmp}};
  }
  return cli::dump({{"realm", REALM_VERSION},
                    {"libtorch", engine.libtorch},
                    {"libtorch_threads", engine.threads},
                    {"faiss", engine.faiss},
                    {"sqlite", sqlite3_libversion()},
                    {"blas", std::move(blas)},
                    {"devices", engine.devices}});
}

}  // namespace realm
