// Between a prompt and the CLIP text encoder: the words that a file adds, and the tokens.

#include "prompt.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <vector>

#include "conditioning/conditioner.hpp"

namespace sdcpp4j {
namespace {

constexpr size_t kChunk = 77;  // tokens that the encoder reads at once

// What sdcpp4j_tokens points to.
struct Tokens {
    sdcpp4j_tokens table = {};  // first, so that a pointer to it is one to all
    std::vector<int32_t> ids;
    std::vector<float> weights;
    std::vector<std::string> words;
    std::vector<const char*> texts;
};

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

std::string word_of(const FrozenCLIPEmbedderWithCustomWords& encoder, int id) {
    int added = id - static_cast<int>(encoder.text_model->model.vocab_size);
    for (const auto& [name, range] : encoder.embedding_pos_map) {
        if (added >= range.first && added < range.second) {
            return name;
        }
    }
    return encoder.tokenizer.decode({id});
}

}  // namespace

std::string read_embeddings(FrozenCLIPEmbedderWithCustomWords& encoder, const sd_embedding_t* embeddings, uint32_t count) {
    int64_t width = encoder.text_model->model.hidden_size;
    for (uint32_t i = 0; i < count; i++) {
        std::string name = lower(embeddings[i].name);
        std::string what = "the embedding '" + std::string(embeddings[i].path) + "' ";
        ModelLoader loader;
        if (!loader.init_from_file_and_convert_name(embeddings[i].path)) {
            return what + "could not be read";
        }
        int first = encoder.num_custom_embeddings;
        for (const auto& [tensor, stored] : loader.get_tensor_storage_map()) {
            if (stored.ne[0] != width) {
                return what + "has vectors of " + std::to_string(stored.ne[0]) + " numbers, and this model's words have " +
                       std::to_string(width);
            }
            std::vector<float> numbers;
            if (!loader.load_float_tensor(tensor, numbers)) {
                return what + "could not be read";
            }
            const auto* bytes = reinterpret_cast<const uint8_t*>(numbers.data());
            encoder.token_embed_custom.insert(encoder.token_embed_custom.end(), bytes, bytes + numbers.size() * sizeof(float));
            encoder.num_custom_embeddings += static_cast<int32_t>(static_cast<int64_t>(numbers.size()) / width);
        }
        encoder.embedding_pos_map[name] = {first, encoder.num_custom_embeddings};
    }
    return "";
}

sdcpp4j_tokens* tokenize(FrozenCLIPEmbedderWithCustomWords& encoder, const std::string& prompt) {
    auto tokens                        = std::make_unique<Tokens>();
    std::tie(tokens->ids, tokens->weights) = encoder.tokenize(prompt, kChunk, kChunk, true);
    const auto& tokenizer = encoder.tokenizer;
    for (int32_t id : tokens->ids) {
        bool is_word = id != tokenizer.BOS_TOKEN_ID && id != tokenizer.EOS_TOKEN_ID && id != tokenizer.PAD_TOKEN_ID;
        tokens->words.push_back(is_word ? word_of(encoder, id) : "");
    }
    for (size_t i = 0; i < tokens->words.size(); i++) {
        tokens->texts.push_back(tokens->words[i].empty() ? nullptr : tokens->words[i].c_str());
    }
    tokens->table = {static_cast<int32_t>(tokens->ids.size()), tokens->ids.data(), tokens->weights.data(),
                     tokens->texts.data()};
    return &tokens.release()->table;
}

}  // namespace sdcpp4j

extern "C" void sdcpp4j_free_tokens(sdcpp4j_tokens* tokens) {
    // the table is the first member of what was allocated
    delete reinterpret_cast<sdcpp4j::Tokens*>(tokens);
}
