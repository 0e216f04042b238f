# Where the sources of stable-diffusion.cpp and ggml come from.
#
# sdcpp4j_upstream_source(<out-var>)
#   SDCPP_SOURCE set: that local tree, as it is.
#   else: the crate below, vendored by cargo into the build folder; its package checksum must be the pinned one.

set(SDCPP4J_CRATE "diffusion-rs-sys")
set(SDCPP4J_CRATE_VERSION "0.1.20")
set(SDCPP4J_CRATE_SHA256 "1947b40e9b457a11baef32b105b5047227911ac48ae050e5828c5980e6a12af4")

function(sdcpp4j_upstream_source out)
  if(SDCPP_SOURCE)
    get_filename_component(tree "${SDCPP_SOURCE}" ABSOLUTE)
    if(NOT EXISTS "${tree}/include/stable-diffusion.h")
      message(FATAL_ERROR "sdcpp.source=${SDCPP_SOURCE} holds no include/stable-diffusion.h: "
                          "name the root of a stable-diffusion.cpp tree, ggml included.")
    endif()
    set(${out} "${tree}" PARENT_SCOPE)
    return()
  endif()

  # Shared by all presets: the sources are the same for each.
  set(work "${CMAKE_CURRENT_SOURCE_DIR}/build/upstream")
  set(crate "${work}/vendor/${SDCPP4J_CRATE}")
  if(NOT EXISTS "${crate}/.cargo-checksum.json")
    find_program(SDCPP4J_CARGO cargo)
    if(NOT SDCPP4J_CARGO)
      message(FATAL_ERROR "cargo is missing, and it brings the stable-diffusion.cpp sources: install cargo 1.85 or newer (rustup), "
                          "or pass -Dsdcpp.source=DIR with a local source tree.")
    endif()
    message(STATUS "Bringing ${SDCPP4J_CRATE} ${SDCPP4J_CRATE_VERSION} with cargo vendor")
    file(COPY "${CMAKE_CURRENT_SOURCE_DIR}/upstream/" DESTINATION "${work}")
    execute_process(
      COMMAND "${SDCPP4J_CARGO}" vendor --quiet vendor
      WORKING_DIRECTORY "${work}" RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE error)
    if(NOT status EQUAL 0)
      file(REMOVE_RECURSE "${work}")
      message(FATAL_ERROR "cargo vendor could not bring ${SDCPP4J_CRATE} ${SDCPP4J_CRATE_VERSION}: ${error}"
                          "It takes cargo 1.85 or newer and a network; or pass -Dsdcpp.source=DIR with a local source tree.")
    endif()
  endif()

  file(READ "${crate}/.cargo-checksum.json" checksums)
  string(JSON package GET "${checksums}" package)
  if(NOT package STREQUAL SDCPP4J_CRATE_SHA256)
    message(FATAL_ERROR "${SDCPP4J_CRATE} in ${work} has SHA-256 ${package}, expected ${SDCPP4J_CRATE_SHA256}: "
                        "delete native/build/upstream and build again.")
  endif()
  set(${out} "${crate}/stable-diffusion.cpp" PARENT_SCOPE)
endfunction()
