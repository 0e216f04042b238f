# Code for newer CPUs, and for GPUs, in modules beside the library: libsdcpp4j-cpu-haswell.so, libsdcpp4j-cuda.so ...
#
# The library holds the code that any CPU of its kind can run. src/backends.cpp looks at the CPU and loads the one module that
# fits it best. ggml has such modules too (GGML_BACKEND_DL), which find each other by names that another ggml in the process
# may have as well. These carry ggml's base inside, hidden, and leave one name out: sdcpp4j_module.

set(SDCPP4J_CPU_MODULES haswell skylakex zen4 sapphirerapids)

# What code a module may use, in ggml's words: each turns on compiler options below, and a check in ggml's cpu-feats.cpp.
set(SDCPP4J_AVX2                   SSE42 AVX F16C FMA AVX2 BMI2)
set(SDCPP4J_CPU_haswell            ${SDCPP4J_AVX2})
set(SDCPP4J_CPU_skylakex           ${SDCPP4J_AVX2} AVX512)
set(SDCPP4J_CPU_zen4               ${SDCPP4J_AVX2} AVX512 AVX512_VBMI AVX512_VNNI AVX512_BF16)
set(SDCPP4J_CPU_sapphirerapids     ${SDCPP4J_AVX2} AVX512 AVX512_VBMI AVX512_VNNI AVX512_BF16 AMX_TILE AMX_INT8)

function(sdcpp4j_cpu_options out)
  set(options "")
  if(MSVC)
    if("AVX512" IN_LIST ARGN)
      set(options /arch:AVX512)
    else()
      set(options /arch:AVX2)
    endif()
  else()
    foreach(feature ${ARGN})
      if(feature STREQUAL "SSE42")
        list(APPEND options -msse4.2)
      elseif(feature STREQUAL "AVX512")
        list(APPEND options -mavx512f -mavx512cd -mavx512vl -mavx512dq -mavx512bw)
      elseif(feature MATCHES "^AMX_")
        string(REPLACE "_" "-" option "${feature}")
        string(TOLOWER "-m${option}" option)
        list(APPEND options "${option}")
      else()
        string(REPLACE "_" "" option "${feature}")
        string(TOLOWER "-m${option}" option)
        list(APPEND options "${option}")
      endif()
    endforeach()
  endif()
  set(${out} "${options}" PARENT_SCOPE)
endfunction()

# A module around a backend's function, such as ggml_backend_cpu_reg.
function(sdcpp4j_module target backend)
  add_library(${target} MODULE src/module.cpp ${ARGN})
  target_compile_definitions(${target} PRIVATE SDCPP4J_BACKEND=${backend})
  target_include_directories(${target} PRIVATE src include "${SDCPP_TREE}/include" "${SDCPP_TREE}/ggml/include")
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX SUFFIX "${CMAKE_SHARED_LIBRARY_SUFFIX}")
  target_link_libraries(${target} PRIVATE ggml-base)
  sdcpp4j_close(${target} "${CMAKE_CURRENT_SOURCE_DIR}/src/module.map")
endfunction()

# What src/glibc_compat.c takes the place of.
set(SDCPP4J_OLD_GLIBC exp log log2 pow dlopen dlsym dlclose dlerror dladdr pthread_create pthread_join pthread_detach pthread_once
  pthread_key_create __pthread_key_create pthread_key_delete pthread_getspecific pthread_setspecific pthread_mutex_trylock pthread_getattr_np
  pthread_attr_getstack pthread_setaffinity_np pthread_getaffinity_np stat lstat fstat fstatat stat64 lstat64 fstat64 getcpu arc4random _dl_find_object)

# Nothing leaves a library but the names in the map, and it needs no C++ runtime of the machine when it is to be portable.
function(sdcpp4j_close target map)
  if(UNIX AND NOT APPLE)
    # -Bsymbolic: what another copy of the library exports does not stand in for its own
    target_link_options(${target} PRIVATE "-Wl,--version-script=${map}" -Wl,--no-undefined -Wl,-Bsymbolic)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${map}")
    if(CMAKE_BUILD_TYPE STREQUAL "Release")
      target_link_options(${target} PRIVATE -s)
    endif()
    if(SDCPP4J_PORTABLE)
      target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc -Wl,--gc-sections)
      if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
        target_sources(${target} PRIVATE src/glibc_compat.c)
        list(TRANSFORM SDCPP4J_OLD_GLIBC PREPEND "-Wl,--wrap=" OUTPUT_VARIABLE wraps)
        target_link_options(${target} PRIVATE ${wraps})
      endif()
    endif()
  endif()
endfunction()

# sdcpp4j_add_modules(<library>): the modules, and in the library the checks that choose among those for CPUs.
function(sdcpp4j_add_modules library)
  # Nobody but src/backends.cpp registers a backend.
  get_target_property(definitions ggml COMPILE_DEFINITIONS)
  list(REMOVE_ITEM definitions GGML_USE_CPU GGML_USE_CUDA)
  set_target_properties(ggml PROPERTIES COMPILE_DEFINITIONS "${definitions}")

  set(names "")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    get_target_property(sources ggml-cpu SOURCES)
    list(TRANSFORM sources PREPEND "${SDCPP_TREE}/ggml/src/" REGEX "^ggml-cpu/")
    get_target_property(definitions ggml-cpu COMPILE_DEFINITIONS)
    get_directory_property(everywhere DIRECTORY "${SDCPP_TREE}/ggml/src" COMPILE_DEFINITIONS)
    list(APPEND definitions ${everywhere})
    get_target_property(options ggml-cpu COMPILE_OPTIONS)
    get_target_property(includes ggml-cpu INCLUDE_DIRECTORIES)
    foreach(name ${SDCPP4J_CPU_MODULES})
      if(MSVC AND name MATCHES "zen4|sapphirerapids")
        continue()  # it has no such instructions, or no macros for them
      endif()
      set(features ${SDCPP4J_CPU_${name}})
      list(TRANSFORM features PREPEND GGML_ OUTPUT_VARIABLE checks)
      sdcpp4j_cpu_options(machine ${features})

      sdcpp4j_module(sdcpp4j-cpu-${name} ggml_backend_cpu_reg ${sources})
      target_compile_definitions(sdcpp4j-cpu-${name} PRIVATE ${definitions} ${checks})
      target_compile_options(sdcpp4j-cpu-${name} PRIVATE ${options} ${machine})
      target_include_directories(sdcpp4j-cpu-${name} PRIVATE ${includes})

      # compiled for any CPU, since it runs ahead of the choice
      add_library(sdcpp4j-cpu-${name}-check OBJECT "${SDCPP_TREE}/ggml/src/ggml-cpu/arch/x86/cpu-feats.cpp")
      target_include_directories(sdcpp4j-cpu-${name}-check PRIVATE ${includes} "${SDCPP_TREE}/ggml/include")
      target_compile_definitions(sdcpp4j-cpu-${name}-check PRIVATE
        ${checks} GGML_BACKEND_DL ggml_backend_score=sdcpp4j_score_${name})
      target_sources(${library} PRIVATE $<TARGET_OBJECTS:sdcpp4j-cpu-${name}-check>)
      string(APPEND names "MODULE(${name}) ")
      list(APPEND modules sdcpp4j-cpu-${name})
    endforeach()
  endif()
  target_compile_definitions(${library} PRIVATE SDCPP4J_MODULES "SDCPP4J_CPU_MODULES=${names}")

  if(GGML_CUDA)
    sdcpp4j_module(sdcpp4j-cuda ggml_backend_cuda_reg $<TARGET_OBJECTS:ggml-cuda>)
    # as ggml found them; the driver's library is the machine's, and without it this module alone cannot be loaded
    target_link_libraries(sdcpp4j-cuda PRIVATE "${CUDA_cudart_static_LIBRARY}" "${CUDA_cublas_LIBRARY}" ${CMAKE_DL_LIBS})
    if(UNIX)
      target_link_libraries(sdcpp4j-cuda PRIVATE rt)
    endif()
    if(NOT GGML_CUDA_NO_VMM)
      target_link_libraries(sdcpp4j-cuda PRIVATE "${CUDA_cuda_driver_LIBRARY}")
    endif()
    # cuBLAS may lie beside it
    set_target_properties(sdcpp4j-cuda PROPERTIES INSTALL_RPATH "$ORIGIN")
    list(APPEND modules sdcpp4j-cuda)
  endif()
  add_dependencies(${library} ${modules})
  set_property(TARGET ${library} PROPERTY SDCPP4J_MODULES "${modules}")
endfunction()
