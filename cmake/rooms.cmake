# A room is a folder below src/ with one job. `hearth_room(base LIBS fmt::fmt)` makes the library
# hearth_base from its .cpp files (a main.cpp is left to its program) and, where tests are on, the
# program base_test from the *_test.cpp files that stand beside them. A room may use only rooms of
# lower floors: this list and scripts/check-floors say the same thing.

function(hearth_room name)
    cmake_parse_arguments(ROOM "" "" "ROOMS;LIBS" ${ARGN})
    string(REPLACE "/" "_" target "${name}")

    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${name}/*.cpp")
    set(tests ${sources})
    list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

    if(sources)
        add_library(hearth_${target} STATIC ${sources})
        set(scope PUBLIC)
    else()
        add_library(hearth_${target} INTERFACE)
        set(scope INTERFACE)
    endif()
    target_include_directories(hearth_${target} ${scope} "${CMAKE_SOURCE_DIR}/src")
    target_link_libraries(hearth_${target} ${scope} hearth_options ${ROOM_LIBS})
    foreach(room IN LISTS ROOM_ROOMS)
        string(REPLACE "/" "_" room "${room}")
        target_link_libraries(hearth_${target} ${scope} hearth_${room})
    endforeach()

    if(HEARTH_TESTS AND tests)
        add_executable(${target}_test ${tests})
        target_link_libraries(${target}_test PRIVATE hearth_${target} GTest::gmock_main)
        # g++ takes an assertion's own if and else for a mistake where it stands behind an if.
        target_compile_options(${target}_test PRIVATE -O0
                               $<$<CXX_COMPILER_ID:GNU>:-Wno-dangling-else>)
        add_test(NAME ${target} COMMAND ${target}_test)
        set_tests_properties(${target} PROPERTIES TIMEOUT 300)
    endif()
endfunction()

# Every fuzz/NAME_fuzz.cpp is one libFuzzer program; its seeds lie in fuzz/seeds/NAME, and what else
# belongs to it in fuzz/NAME/*.cpp.
function(hearth_fuzzers)
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/fuzz/*_fuzz.cpp")
    foreach(source IN LISTS sources)
        get_filename_component(name "${source}" NAME_WE)
        string(REGEX REPLACE "_fuzz$" "" folder "${name}")
        file(GLOB parts CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/fuzz/${folder}/*.cpp")
        add_executable(${name} "${source}" ${parts})
        target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}/fuzz")
        target_link_libraries(${name} PRIVATE ${ARGN})
        target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    endforeach()
endfunction()

# Every bench/NAME_bench.cpp is one benchmark, by Google Benchmark or with a main() of its own.
function(hearth_benches)
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/bench/*_bench.cpp")
    foreach(source IN LISTS sources)
        get_filename_component(name "${source}" NAME_WE)
        add_executable(${name} "${source}")
        target_link_libraries(${name} PRIVATE ${ARGN} benchmark::benchmark)
    endforeach()
endfunction()
