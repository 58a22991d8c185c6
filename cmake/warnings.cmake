# Linked privately by every own target, never by third-party code.
add_library(logctl_warnings INTERFACE)
target_compile_options(logctl_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
  -Wconversion -Wno-sign-conversion -Wnull-dereference -Wimplicit-fallthrough
  $<$<BOOL:${LOGCTL_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside libstdc++ and fmt at -O2 without cause.
  target_compile_options(logctl_warnings INTERFACE -Wno-null-dereference -Wno-restrict -Wno-maybe-uninitialized)
  # With a sanitizer's checks in between, and at -O3, it finds still more of them.
  if(LOGCTL_SANITIZE OR CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(logctl_warnings INTERFACE -Wno-array-bounds -Wno-stringop-overread -Wno-stringop-overflow)
  endif()
  # Asio uses fences, which the thread sanitizer does not model; g++ warns of that wherever they are inlined.
  if(LOGCTL_SANITIZE MATCHES "thread")
    target_compile_options(logctl_warnings INTERFACE -Wno-tsan)
  endif()
endif()
