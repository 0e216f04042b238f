#pragma once

// How the tokenizers' tables are kept in the library: 14 MB in place of 47, and half of that in a jar. Three observations do it. A vocabulary's ids count
// up from 0. A unigram model's scores are floats that are written as decimals. The merges of a vocabulary are all ways to cut
// its tokens into two others, token by token: how such lists are made is told by `convert_slow_tokenizer.py` of the library
// transformers. tools/pack_vocab.cpp packs and makes sure that what comes out is what went in, byte for byte.

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sdcpp4j::vocab {

enum Kind : uint8_t { RAW, VOCABULARY, MERGES, UNIGRAMS };

struct Table {
    const char* name;   // of upstream's function load_<name>()
    const char* file;   // in upstream's src/tokenizers/vocab
    const char* array;  // in that file
    int vocabulary;     // merges: which table has the tokens; -1 when none has
};

constexpr Table kTables[] = {
    {"clip_merges", "clip_merges.hpp", "clip_merges_utf8_c_str", -1},
    {"qwen2_merges", "qwen_merges.hpp", "qwen2_merges_utf8_c_str", -1},
    {"mistral_vocab_json", "mistral_vocab.hpp", "mistral_vocab_json_utf8_c_str", -1},
    {"mistral_merges", "mistral_merges.hpp", "mistral_merges_utf8_c_str", 2},
    {"t5_tokenizer_json", "t5.hpp", "t5_tokenizer_json_str", -1},
    {"umt5_tokenizer_json", "umt5.hpp", "umt5_tokenizer_json_str", -1},
    {"gemma_vocab_json", "gemma_vocab.hpp", "gemma_vocab_json_utf8_c_str", -1},
    {"gemma_merges", "gemma_merges.hpp", "gemma_merges_utf8_c_str", 6},
    {"gemma2_vocab_json", "gemma2_vocab.hpp", "gemma2_vocab_json_utf8_c_str", -1},
    {"gemma2_merges", "gemma2_merges.hpp", "gemma2_merges_utf8_c_str", 8},
    {"gpt_oss_vocab_json", "gpt_oss_vocab.hpp", "gpt_oss_vocab_json_utf8_c_str", -1},
    {"gpt_oss_merges", "gpt_oss_merges.hpp", "gpt_oss_merges_utf8_c_str", 10},
};
constexpr size_t kTableCount = sizeof(kTables) / sizeof(kTables[0]);

// Reads what the packer wrote, front to back.
struct Reader {
    std::string_view rest;
    uint8_t byte() {
        uint8_t value = static_cast<uint8_t>(rest.front());
        rest.remove_prefix(1);
        return value;
    }
    uint32_t number() {
        uint32_t value = 0;
        for (int shift = 0;; shift += 7) {
            uint8_t part = byte();
            value |= static_cast<uint32_t>(part & 127) << shift;
            if (part < 128) {
                return value;
            }
        }
    }
    std::string_view text() {
        size_t length         = number();
        std::string_view text = rest.substr(0, length);
        rest.remove_prefix(length);
        return text;
    }
};

inline std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// Where a token may be cut: between characters, of which an escape such as \n or \u00e9 is one.
inline std::vector<size_t> cuts_of(std::string_view token) {
    std::vector<size_t> cuts;
    for (size_t at = 0; at < token.size();) {
        size_t length = 1;
        if (token[at] == '\\') {
            length = at + 1 < token.size() && token[at + 1] == 'u' ? 6 : 2;
        } else {
            while (at + length < token.size() && (static_cast<uint8_t>(token[at + length]) & 0xC0) == 0x80) {
                length++;
            }
        }
        at += length;
        if (at < token.size()) {
            cuts.push_back(at);
        }
    }
    return cuts;
}

// How a list of merges is written.
enum Style : uint8_t {
    LONGEST_FIRST = 1,  // the ways to cut one token: the longest first part first; else by the ids of the parts
    UNESCAPED     = 2,  // quotes and backslashes stand as they are; else as in the vocabulary
    NO_LAST_BREAK = 4,  // there is no line break at the end
};

inline std::string unescaped(std::string_view token) {
    std::string text;
    for (size_t i = 0; i < token.size(); i++) {
        i += token[i] == '\\' ? 1 : 0;
        text += token[i];
    }
    return text;
}

// All ways to cut the tokens into two others, as lines.
inline std::vector<std::string> all_merges(const std::vector<std::string_view>& tokens, uint8_t style) {
    std::unordered_map<std::string_view, uint32_t> ids;
    ids.reserve(tokens.size() * 2);
    for (size_t i = 0; i < tokens.size(); i++) {
        ids.emplace(tokens[i], static_cast<uint32_t>(i));
    }
    std::vector<std::string> merges;
    std::vector<std::pair<std::pair<uint32_t, uint32_t>, size_t>> of_token;
    for (std::string_view token : tokens) {
        of_token.clear();
        for (size_t cut : cuts_of(token)) {
            auto left  = ids.find(token.substr(0, cut));
            auto right = left == ids.end() ? ids.end() : ids.find(token.substr(cut));
            if (right != ids.end()) {
                of_token.push_back({{left->second, right->second}, cut});
            }
        }
        if ((style & LONGEST_FIRST) != 0) {
            std::reverse(of_token.begin(), of_token.end());
        } else {
            std::sort(of_token.begin(), of_token.end());
        }
        for (const auto& [parts, cut] : of_token) {
            std::string line = std::string(token.substr(0, cut)) + ' ' + std::string(token.substr(cut));
            merges.push_back((style & UNESCAPED) != 0 ? unescaped(line) : line);
        }
    }
    return merges;
}

inline std::string merges_text(Reader packed, const std::vector<std::string_view>& tokens) {
    uint8_t style          = packed.byte();
    std::string text       = std::string(packed.text());
    std::string_view first = packed.text();  // lines that come before the others, out of their order
    text += first;
    std::unordered_map<std::string_view, bool> seen;
    for (std::string_view line : lines_of(first)) {
        seen.emplace(line, true);
    }
    for (const std::string& line : all_merges(tokens, style)) {
        if (seen.count(line) == 0) {
            text += line;
            text += '\n';
        }
    }
    if ((style & NO_LAST_BREAK) != 0) {
        text.pop_back();
    }
    return text;
}

inline std::string vocabulary_text(Reader packed) {
    std::string comma   = std::string(packed.text());
    std::string colon   = std::string(packed.text());
    std::string text    = "{";
    uint32_t id         = 0;
    for (std::string_view token : lines_of(packed.text())) {
        text += (id == 0 ? "\"" : comma + "\"");
        text += token;
        text += "\"" + colon + std::to_string(id++);
    }
    return text + "}";
}

inline std::vector<std::string_view> tokens_of(Reader vocabulary) {
    vocabulary.text();
    vocabulary.text();
    return lines_of(vocabulary.text());
}

inline std::string score_text(float score) {
    char digits[64];
    auto end         = std::to_chars(digits, digits + sizeof digits, static_cast<double>(score)).ptr;
    std::string text = std::string(digits, end);
    return text.find('.') == std::string::npos ? text + ".0" : text;
}

inline std::string unigrams_text(Reader packed) {
    std::string text      = std::string(packed.text());
    std::string_view tail = packed.text();
    auto tokens           = lines_of(packed.text());
    uint32_t bits         = 0;
    for (size_t i = 0; i < tokens.size(); i++) {
        uint32_t step = packed.number();  // zigzag
        bits += (step >> 1) ^ (0u - (step & 1));
        float score;
        std::memcpy(&score, &bits, sizeof score);
        text += i == 0 ? "[\"" : ", [\"";
        text += tokens[i];
        text += "\", " + score_text(score) + "]";
    }
    return text + std::string(tail);
}

// The n-th table of all of them.
inline std::string unpack(std::string_view all, size_t n) {
    auto table = [&](size_t wanted) {
        Reader reader{all};
        for (size_t i = 0; i < wanted; i++) {
            reader.text();
        }
        return Reader{reader.text()};
    };
    Reader packed = table(n);
    switch (packed.byte()) {
        case VOCABULARY:
            return vocabulary_text(packed);
        case MERGES: {
            Reader vocabulary = table(static_cast<size_t>(kTables[n].vocabulary));
            vocabulary.byte();
            return merges_text(packed, tokens_of(vocabulary));
        }
        case UNIGRAMS:
            return unigrams_text(packed);
        default:
            return std::string(packed.rest);
    }
}

}  // namespace sdcpp4j::vocab
