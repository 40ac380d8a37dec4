# Writes a header that holds a text file as a string: hearth_embed(FILE HEADER NAMESPACE VARIABLE).
function(hearth_embed file header namespace variable)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${file}")
    file(READ "${CMAKE_SOURCE_DIR}/${file}" text)
    set(content "#pragma once\n\n#include <string_view>\n\n// Made from ${file}.\nnamespace ${namespace} {\ninline constexpr std::string_view ${variable} = R\"~~~(${text})~~~\";\n}\n")
    file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/embedded/${header}" CONTENT "${content}" @ONLY)
endfunction()
