# Compiler settings as interface targets: kf_options (language, sanitizers), kf_warnings.
option(KF_WARNINGS_AS_ERRORS "Treat warnings as errors" OFF)
option(KF_COVERAGE "Instrument for line coverage" OFF)
option(KF_FUZZ "Build the fuzzers with libFuzzer" OFF)
set(KF_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them")

add_library(kf_options INTERFACE)
target_compile_features(kf_options INTERFACE c_std_17 cxx_std_17)
target_compile_definitions(kf_options INTERFACE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE
    KF_VERSION="${PROJECT_VERSION}")
# Results must be the same bytes on every machine: no contraction, no fast math.
target_compile_options(kf_options INTERFACE -ffp-contract=off -fno-fast-math
    $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2> -fstack-protector-strong)
if(KF_SANITIZE)
    target_compile_options(kf_options INTERFACE -fsanitize=${KF_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=all)
    target_link_options(kf_options INTERFACE -fsanitize=${KF_SANITIZE})
endif()
if(KF_COVERAGE)
    target_compile_options(kf_options INTERFACE --coverage)
    target_link_options(kf_options INTERFACE --coverage)
endif()
if(KF_FUZZ)
    target_compile_options(kf_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_EXTENSIONS OFF)

add_library(kf_warnings INTERFACE)
target_compile_options(kf_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wformat=2
    -Wconversion -Wsign-conversion -Wcast-qual -Wundef -Wvla
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition>
    $<$<BOOL:${KF_WARNINGS_AS_ERRORS}>:-Werror>)
