#include "engine/base/processor.h"

#include <fstream>
#include <sstream>
#include <string>

namespace realm {

bool multiplies_bfloat16() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("flags")) continue;
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      if (word == "avx512_bf16" || word == "amx_bf16") return true;
    }
    return false;
  }
  return false;
}

}  // namespace realm
