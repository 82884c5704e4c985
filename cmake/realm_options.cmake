# realm_options: what every target of ours is compiled with. Nothing is added to global flags.
add_library(realm_options INTERFACE)
target_compile_features(realm_options INTERFACE cxx_std_20)
target_include_directories(realm_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(realm_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast
  -Wextra-semi -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlapping copies in plain std::string concatenation at -O3 (its bug 105651).
  target_compile_options(realm_options INTERFACE -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(realm_options INTERFACE -Wthread-safety)
endif()
if(REALM_SANITIZE)
  target_compile_options(realm_options INTERFACE -fsanitize=${REALM_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(realm_options INTERFACE -fsanitize=${REALM_SANITIZE})
endif()
target_compile_definitions(realm_options INTERFACE
  REALM_VERSION="${PROJECT_VERSION}")

# realm_add_library(NAME sources...): a static library of ours.
function(realm_add_library name)
  add_library(${name} STATIC ${ARGN})
  target_link_libraries(${name} PUBLIC realm_options)
endfunction()

# realm_add_test(NAME LABEL sources... LINK libraries...): one GoogleTest binary, found by ctest.
function(realm_add_test name label)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE realm_options ${ARG_LINK} realm_test_support GTest::gmock GTest::gtest_main)
  # Most of a test's time is its compiler's: what it tests is optimised in full, itself it need not be.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  set(lock "")
  if(label STREQUAL "gui")
    set(lock RESOURCE_LOCK display)  # two starts of Xvfb at once may take each other's number
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 120
    PROPERTIES LABELS "${label}" TIMEOUT 600 ${lock})
endfunction()
