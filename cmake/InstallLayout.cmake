# What `cmake --install` leaves behind, and what the natives jar is made of:
#
#   lib/libsdcpp4j.so        the library
#   lib/natives.properties   name and SHA-256 of each file, for the Java loader's content-addressed cache
#   bin/sdcpp4j-bench        the same work called from C
#   licenses/                the licences of everything that is linked

function(sdcpp4j_install target source)
  install(TARGETS ${target} LIBRARY DESTINATION lib RUNTIME DESTINATION lib)
  install(FILES "${source}/LICENSE" DESTINATION licenses RENAME stable-diffusion.cpp.txt)
  install(FILES "${source}/ggml/LICENSE" DESTINATION licenses RENAME ggml.txt)
  install(FILES "${source}/thirdparty/LICENSE.darts_clone.txt" DESTINATION licenses RENAME darts-clone.txt)
  install(DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/licenses/" DESTINATION licenses)
  install(CODE "
    set(library \"\${CMAKE_INSTALL_PREFIX}/lib/$<TARGET_FILE_NAME:${target}>\")
    file(SHA256 \"\${library}\" digest)
    file(WRITE \"\${CMAKE_INSTALL_PREFIX}/lib/natives.properties\"
         \"library=$<TARGET_FILE_NAME:${target}>\\nsha256=\${digest}\\n\")")
endfunction()
