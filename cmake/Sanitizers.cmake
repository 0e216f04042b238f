# sdcpp4j_sanitize(): address, leak and undefined-behaviour sanitizers for everything compiled afterwards.
function(sdcpp4j_sanitize)
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=address)
  add_link_options(-fsanitize=address,undefined)
endfunction()
