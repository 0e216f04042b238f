#pragma once

#include <string>

#include "sdcpp4j.h"

struct FrozenCLIPEmbedderWithCustomWords;

namespace sdcpp4j {

// Reads textual inversion embeddings now, as f32. Upstream would do so when a prompt first names one, take half floats for
// floats, and keep 100 MB for each. Returns why one cannot be used, empty when all can.
std::string read_embeddings(FrozenCLIPEmbedderWithCustomWords& encoder, const sd_embedding_t* embeddings, uint32_t count);

// A prompt as the encoder reads it; to be freed with sdcpp4j_free_tokens.
sdcpp4j_tokens* tokenize(FrozenCLIPEmbedderWithCustomWords& encoder, const std::string& prompt);

}  // namespace sdcpp4j
