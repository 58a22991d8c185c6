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

# logctl_embed_texts(<target> FILE...): generated/embedded_texts.h with the text of files, a function for each.
function(logctl_embed_texts target)
  set(output "${CMAKE_BINARY_DIR}/generated/embedded_texts.h")
  list(TRANSFORM ARGN PREPEND "${CMAKE_SOURCE_DIR}/" OUTPUT_VARIABLE documents)
  list(JOIN documents "," joined)
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DDOCUMENTS=${joined}" "-DOUTPUT=${output}"
            -P "${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake"
    DEPENDS ${documents} "${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake"
    COMMENT "Embedding texts")
  target_sources(${target} PRIVATE "${output}")
endfunction()
