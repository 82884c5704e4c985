// What `realm --version` says: the program, its libraries, the BLAS kernels in use and the devices.
#pragma once

#include <string>

namespace realm {

std::string describe_version();  // lines for a person, without a line end after the last
std::string version_json();

}  // namespace realm
