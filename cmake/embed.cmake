# logctl_embed_migrations(<target>): turns migrations/<set>/*.sql into a C++ table compiled into the target.
function(logctl_embed_migrations target)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/migrations/*.sql")
  set(output "${CMAKE_BINARY_DIR}/generated/embedded_migrations.cpp")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DROOT=${CMAKE_SOURCE_DIR}/migrations" "-DOUTPUT=${output}"
            -P "${CMAKE_SOURCE_DIR}/cmake/embed_migrations.cmake"
    DEPENDS ${files} "${CMAKE_SOURCE_DIR}/cmake/embed_migrations.cmake"
    COMMENT "Embedding migrations")
  target_sources(${target} PRIVATE "${output}")
endfunction()
