#pragma once

#include <map>
#include <string>

#include "ggml-backend.h"
#include "model.h"
#include "sdcpp4j.h"

namespace sdcpp4j {

// Compares a LoRA's tensors with the model's weights, by names and shapes; nothing is read but the file's header.
// Returns why it cannot be applied, empty when it can.
std::string match_lora(const std::string& path, const std::map<std::string, ggml_tensor*>& weights, SDVersion version,
                       ggml_backend_t backend, sdcpp4j_lora_match& match);

}  // namespace sdcpp4j
