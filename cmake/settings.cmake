# Language level and code generation, through one interface target that every own target links.
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers are only cacheable with these relaxations; they do not change the output.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env
      "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
      "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" "${CCACHE_PROGRAM}")
endif()

add_library(logctl_settings INTERFACE)
target_compile_features(logctl_settings INTERFACE cxx_std_20)
target_include_directories(logctl_settings INTERFACE "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
target_compile_definitions(logctl_settings INTERFACE LOGCTL_VERSION="${PROJECT_VERSION}")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND LOGCTL_TESTS)
  target_compile_options(logctl_settings INTERFACE $<$<NOT:$<CONFIG:Release>>:-g1>)
endif()
# What nobody calls is left out of the binary: less to map and to keep in memory.
target_compile_options(logctl_settings INTERFACE $<$<CONFIG:Release>:-ffunction-sections> $<$<CONFIG:Release>:-fdata-sections>)
target_link_options(logctl_settings INTERFACE $<$<CONFIG:Release>:-Wl,--gc-sections>)

if(LOGCTL_SANITIZE)
  # Tests are half of what is compiled, and it is not their code that is in question; commands only join what they call.
  # Both are built without optimisation, and without the checks for undefined behaviour, which double their time. What
  # they call is checked in full.
  set(address_only "$<BOOL:$<TARGET_PROPERTY:LOGCTL_ADDRESS_ONLY>>")
  set(always ${LOGCTL_SANITIZE})
  list(REMOVE_ITEM always undefined)
  list(TRANSFORM always PREPEND "-fsanitize=")
  target_compile_options(logctl_settings INTERFACE ${always} $<${address_only}:-O0> -fno-omit-frame-pointer -fno-sanitize-recover=all)
  if("undefined" IN_LIST LOGCTL_SANITIZE)
    # This check opens a pipe to look at an object, and so raises a false alarm in the test that has no descriptors left.
    target_compile_options(logctl_settings INTERFACE $<$<NOT:${address_only}>:-fsanitize=undefined> -fno-sanitize=vptr)
  endif()
  list(JOIN LOGCTL_SANITIZE "," sanitizers)
  target_link_options(logctl_settings INTERFACE "-fsanitize=${sanitizers}")
endif()
