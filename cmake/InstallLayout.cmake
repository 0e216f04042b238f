# What `cmake --install` leaves behind, and what the natives jar is made of:
#
#   lib/libsdcpp4j.so        the library
#   lib/libsdcpp4j-*.so      its modules, if it has any
#   lib/natives.properties   name and SHA-256 of each file, for the Java loader's content-addressed cache
#   bin/sdcpp4j-bench        the same work called from C
#   licenses/                the licences of everything that is linked

function(sdcpp4j_install target source)
  install(TARGETS ${target} LIBRARY DESTINATION lib RUNTIME DESTINATION lib)
  install(FILES "${source}/LICENSE" DESTINATION licenses RENAME stable-diffusion.cpp.txt)
  install(FILES "${source}/ggml/LICENSE" DESTINATION licenses RENAME ggml.txt)
  install(FILES "${source}/thirdparty/LICENSE.darts_clone.txt" DESTINATION licenses RENAME darts-clone.txt)
  install(DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/licenses/" DESTINATION licenses)
  set(files $<TARGET_FILE_NAME:${target}>)
  get_target_property(modules ${target} SDCPP4J_MODULES)
  if(modules)
    install(TARGETS ${modules} LIBRARY DESTINATION lib)
    foreach(module ${modules})
      list(APPEND files $<TARGET_FILE_NAME:${module}>)
    endforeach()
  endif()
  install(CODE "
    set(index \"library=$<TARGET_FILE_NAME:${target}>\\n\")
    foreach(file ${files})
      file(SHA256 \"\${CMAKE_INSTALL_PREFIX}/lib/\${file}\" digest)
      string(APPEND index \"sha256.\${file}=\${digest}\\n\")
    endforeach()
    file(WRITE \"\${CMAKE_INSTALL_PREFIX}/lib/natives.properties\" \"\${index}\")")
endfunction()
