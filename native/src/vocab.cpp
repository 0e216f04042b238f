// Upstream's tokenizer tables (src/tokenizers/vocab/vocab.h), unpacked when a tokenizer asks for them: see vocab_pack.h.

#include "tokenizers/vocab/vocab.h"

#include "vocab_pack.h"

// the file that tools/pack_vocab.cpp wrote
__asm__(".pushsection .rodata\n"
        "sdcpp4j_vocab_begin:\n"
        ".incbin \"" SDCPP4J_VOCAB "\"\n"
        "sdcpp4j_vocab_end:\n"
        ".byte 0\n"
        ".popsection\n");
extern "C" const char sdcpp4j_vocab_begin[];
extern "C" const char sdcpp4j_vocab_end[];

namespace {

constexpr size_t index_of(std::string_view name) {
    size_t i = 0;
    while (i < sdcpp4j::vocab::kTableCount && name != sdcpp4j::vocab::kTables[i].name) {
        i++;
    }
    return i;
}

}  // namespace

#define TABLE(name)                                                                                               \
    std::string load_##name() {                                                                                   \
        constexpr size_t index = index_of(#name);                                                                 \
        static_assert(index < sdcpp4j::vocab::kTableCount, "vocab_pack.h has no such table");                     \
        return sdcpp4j::vocab::unpack({sdcpp4j_vocab_begin, static_cast<size_t>(sdcpp4j_vocab_end - sdcpp4j_vocab_begin)}, index); \
    }

TABLE(clip_merges)
TABLE(qwen2_merges)
TABLE(mistral_merges)
TABLE(mistral_vocab_json)
TABLE(t5_tokenizer_json)
TABLE(umt5_tokenizer_json)
TABLE(gemma_merges)
TABLE(gemma_vocab_json)
TABLE(gemma2_merges)
TABLE(gemma2_vocab_json)
TABLE(gpt_oss_merges)
TABLE(gpt_oss_vocab_json)
