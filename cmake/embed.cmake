# Writes a header that holds a text file as a string: hearth_embed(FILE HEADER NAMESPACE VARIABLE). The
# text stands there byte by byte, since a literal may have no more than 65,536 characters.
function(hearth_embed file header namespace variable)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${file}")
    file(READ "${CMAKE_SOURCE_DIR}/${file}" bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
    string(REPEAT "'.x..'," 16 line)
    string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
    set(content "#pragma once\n\n#include <string_view>\n\n// Made from ${file}.\nnamespace ${namespace} {\ninline constexpr char ${variable}_bytes[] = {\n${bytes}};\ninline constexpr std::string_view ${variable}(${variable}_bytes, sizeof ${variable}_bytes);\n}\n")
    file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/embedded/${header}" CONTENT "${content}" @ONLY)
endfunction()

# Writes a header with what a program of the build prints: hearth_made(TARGET PROGRAM HEADER), for the
# sources of TARGET.
function(hearth_made target program header)
    set(file "${CMAKE_BINARY_DIR}/embedded/${header}")
    add_custom_command(OUTPUT "${file}" COMMAND ${program} > "${file}" DEPENDS ${program} VERBATIM)
    target_sources(${target} PRIVATE "${file}")
endfunction()
