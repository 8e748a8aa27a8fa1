# kf_add_library(NAME SOURCES … USES …)   a layer or the pure part of a service, as a static library
# kf_add_program(NAME SOURCES … USES … [NOT_INSTALLED])   a thin executable
# kf_add_service(NAME SOURCES … USES …)   services/<NAME>: library kf_<NAME>_service and, of main.c,
#                                         program kf-<NAME>
# kf_add_test(NAME SOURCES … USES … [LABELS …])  a cmocka program run by ctest
function(kf_add_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;USES" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC kf_options ${arg_USES} PRIVATE kf_warnings)
endfunction()

function(kf_add_program name)
    cmake_parse_arguments(arg "NOT_INSTALLED" "" "SOURCES;USES" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE ${arg_USES} kf_warnings)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
    if(NOT arg_NOT_INSTALLED)
        install(TARGETS ${name} RUNTIME)
    endif()
endfunction()

function(kf_add_service name)
    cmake_parse_arguments(arg "" "" "SOURCES;USES" ${ARGN})
    kf_add_library(kf_${name}_service SOURCES ${arg_SOURCES} USES kf_service ${arg_USES})
    kf_add_program(kf-${name} SOURCES main.c USES kf_${name}_service)
endfunction()

function(kf_add_test name)
    cmake_parse_arguments(arg "" "" "SOURCES;USES;LABELS" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE ${arg_USES} kf_warnings cmocka)
    target_compile_definitions(${name} PRIVATE KF_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 120)
endfunction()
