// What the engine stands on: versions of its libraries, its threads and the devices that it could
// use. Thread-safe; free of LibTorch and FAISS headers.
#pragma once

#include <string>
#include <vector>

namespace realm {

struct EngineInfo {
  std::string libtorch, faiss;       // versions
  int threads = 0;                   // of LibTorch, as they are set now
  std::vector<std::string> devices;  // names that --device takes
};

EngineInfo engine_info();

}  // namespace realm
