# Third-party libraries, all from the system. Each is reached through one target named here.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(SQLiteCpp REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(SQLITE3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)

if(NOT REALM_TORCH_FREE)
  find_package(OpenMP REQUIRED COMPONENTS CXX)
  find_package(Torch REQUIRED)
  find_package(faiss REQUIRED)

  # realm_torch: LibTorch, and the OpenMP build of OpenBLAS where Debian has it: the pthread build that
  # apt picks by default fights LibTorch's own threads and is several times slower. DT_RPATH (not
  # RUNPATH) is needed, as the look-up is made on behalf of LibTorch; the system's alternatives stay.
  add_library(realm_torch INTERFACE)
  # fmt too, as its definitions must be the same wherever the precompiled header is used.
  target_link_libraries(realm_torch INTERFACE ${TORCH_LIBRARIES} fmt::fmt)
  # Several processes that train one run (c10d over Gloo) need the headers of both; LibTorch's part
  # is not in every build.
  find_path(REALM_GLOO_INCLUDE_DIR gloo/transport/device.h)
  find_path(REALM_C10D_INCLUDE_DIR torch/csrc/distributed/c10d/ProcessGroupGloo.hpp
    HINTS ${TORCH_INCLUDE_DIRS})
  if(REALM_GLOO_INCLUDE_DIR AND REALM_C10D_INCLUDE_DIR)
    set(REALM_WITH_C10D ON)
  else()
    message(STATUS "Gloo's headers were not found: a run is trained by one process")
  endif()
  # Cards of several ranks sum through NCCL where LibTorch was built for CUDA and NCCL is found.
  if(REALM_WITH_C10D AND TARGET torch_cuda)
    find_path(REALM_NCCL_INCLUDE_DIR nccl.h HINTS ENV NCCL_HOME PATH_SUFFIXES include)
    find_library(REALM_NCCL_LIBRARY NAMES nccl libnccl.so.2 HINTS ENV NCCL_HOME PATH_SUFFIXES lib)
    if(REALM_NCCL_INCLUDE_DIR AND REALM_NCCL_LIBRARY)
      set(REALM_WITH_NCCL ON)
    else()
      message(STATUS "NCCL was not found (NCCL_HOME): gradients of several cards go through the host")
    endif()
  endif()
  file(GLOB REALM_OPENBLAS_OPENMP_DIR LIST_DIRECTORIES true "/usr/lib/*/openblas-openmp")
  if(REALM_OPENBLAS_OPENMP_DIR)
    target_link_options(realm_torch INTERFACE
      "LINKER:--disable-new-dtags" "LINKER:-rpath,${REALM_OPENBLAS_OPENMP_DIR}")
  else()
    message(WARNING "libopenblas0-openmp was not found: LibTorch will run several times slower")
  endif()
endif()

if(REALM_BUILD_WINDOW)
  pkg_check_modules(IMGUI REQUIRED IMPORTED_TARGET imgui freetype2)
  find_package(glfw3 3.3 CONFIG REQUIRED)
  find_package(OpenGL REQUIRED)
endif()
if(REALM_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
if(REALM_BUILD_TESTS AND REALM_BUILD_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()
