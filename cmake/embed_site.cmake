# The page (ui/, built by scripts/build-ui into build/ui) becomes one .cpp that is compiled into the
# program: each file gzip'd, with its content type and a hash of its content.
#
# Included by CMakeLists.txt:  hearth_site(TARGET FOLDER)
#     adds the .cpp to TARGET and makes it anew whenever the files of FOLDER change. A folder that
#     does not exist or has no index.html gives an empty table.
# Run by itself:  cmake -DFOLDER=… -DOUTPUT=… -P cmake/embed_site.cmake
#     writes it.

if(NOT CMAKE_SCRIPT_MODE_FILE)
    set(hearth_site_script "${CMAKE_CURRENT_LIST_FILE}")

    function(hearth_site target folder)
        file(GLOB_RECURSE files CONFIGURE_DEPENDS "${folder}/*")
        set(output "${CMAKE_BINARY_DIR}/embedded/api/site_files.cpp")
        add_custom_command(
            OUTPUT "${output}"
            COMMAND "${CMAKE_COMMAND}" "-DFOLDER=${folder}" "-DOUTPUT=${output}"
                    -P "${hearth_site_script}"
            DEPENDS ${files} "${hearth_site_script}"
            COMMENT "Embedding the page from ${folder}"
            VERBATIM)
        target_sources(${target} PRIVATE "${output}")
    endfunction()
    return()
endif()

function(content_type path variable)
    get_filename_component(ending "${path}" LAST_EXT)
    set(types
        .html "text/html\; charset=utf-8"
        .js "text/javascript\; charset=utf-8"
        .css "text/css\; charset=utf-8"
        .json "application/json"
        .webmanifest "application/manifest+json"
        .svg "image/svg+xml"
        .png "image/png"
        .ico "image/x-icon"
        .woff2 "font/woff2"
        .txt "text/plain\; charset=utf-8"
        .wasm "application/wasm")
    list(FIND types "${ending}" index)
    if(index EQUAL -1)
        set(${variable} "application/octet-stream" PARENT_SCOPE)
    else()
        math(EXPR index "${index} + 1")
        list(GET types ${index} type)
        set(${variable} "${type}" PARENT_SCOPE)
    endif()
endfunction()

# The bytes of a file, gzip'd, as a C++ array's elements.
function(packed_bytes file variable)
    set(packed "${OUTPUT}.gz")
    # One file in the format "raw" is that file compressed.
    file(ARCHIVE_CREATE OUTPUT "${packed}" PATHS "${file}" FORMAT raw COMPRESSION GZip
         COMPRESSION_LEVEL 9)
    file(READ "${packed}" bytes HEX)
    file(REMOVE "${packed}")
    # Without the time in gzip's header, the same files give the same program.
    string(SUBSTRING "${bytes}" 0 8 start)
    string(SUBSTRING "${bytes}" 16 -1 rest)
    set(bytes "${start}00000000${rest}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(REPEAT "0x..," 16 line)
    string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
    set(${variable} "${bytes}" PARENT_SCOPE)
endfunction()

set(arrays "")
set(rows "")
set(count 0)
if(EXISTS "${FOLDER}/index.html")
    file(GLOB_RECURSE files RELATIVE "${FOLDER}" "${FOLDER}/*")
    list(SORT files)
    foreach(path IN LISTS files)
        packed_bytes("${FOLDER}/${path}" bytes)
        content_type("${path}" type)
        file(SHA256 "${FOLDER}/${path}" hash)
        string(SUBSTRING "${hash}" 0 32 hash)
        set(hashed false)
        # Vite's names: NAME-HASH.ENDING with eight characters of base64url.
        string(REPEAT "[A-Za-z0-9_-]" 8 eight)
        if(path MATCHES "^assets/.*-${eight}[.][a-z0-9]+$")
            set(hashed true)
        endif()
        string(APPEND arrays "constexpr unsigned char file_${count}[] = {\n${bytes}};\n")
        string(APPEND rows "    {\"/${path}\", \"${type}\", \"\\\"${hash}\\\"\", view(file_${count}), ${hashed}},\n")
        math(EXPR count "${count} + 1")
    endforeach()
endif()

set(text "// Made by cmake/embed_site.cmake.\n#include \"api/site.h\"\n\n#include <array>\n\n")
string(APPEND text "namespace hearth::api {\nnamespace {\n\n")
if(count GREATER 0)
    string(APPEND text "template <std::size_t size>\nstd::string_view view(const unsigned char (&bytes)[size]) {\n"
                       "    return {reinterpret_cast<const char*>(bytes), size};\n}\n\n${arrays}\n")
endif()
string(APPEND text "const std::array<SiteFile, ${count}> files{{\n${rows}}};\n\n} // namespace\n\n"
                   "std::span<const SiteFile> embedded_site() {\n    return files;\n}\n\n"
                   "} // namespace hearth::api\n")
file(WRITE "${OUTPUT}" "${text}")
