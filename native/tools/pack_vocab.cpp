// Packs upstream's tokenizer tables for src/vocab.cpp; run by the build.
//
//   pack_vocab FOLDER OUT    FOLDER: upstream's src/tokenizers/vocab
//
// A table that does not come out as it went in is kept as it is.

#include "vocab_pack.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

using namespace sdcpp4j::vocab;

namespace {

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "pack_vocab: %s\n", what.c_str());
    std::exit(1);
}

int hex(char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; }

// The bytes of `array[] = {0x5c,0x6e,...};`, without a compiler, which takes minutes for all of them.
std::string bytes_of(const std::string& path, const std::string& array) {
    std::ifstream in(path, std::ios::binary);
    std::string source((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    size_t at = source.find(array + "[]");
    if (at == std::string::npos) {
        fail(path + " has no array " + array);
    }
    size_t end = source.find('}', at);
    std::string bytes;
    for (at = source.find("0x", at); at < end; at = source.find("0x", at + 4)) {
        bytes += static_cast<char>(hex(source[at + 2]) * 16 + hex(source[at + 3]));
    }
    return bytes;
}

std::string number(uint32_t value) {
    std::string text;
    for (; value > 127; value >>= 7) {
        text += static_cast<char>(value | 128);
    }
    return text + static_cast<char>(value);
}

std::string text(const std::string& content) { return number(static_cast<uint32_t>(content.size())) + content; }

// The end of a JSON string that begins at a position.
size_t string_end(const std::string& json, size_t at) {
    while (at < json.size() && json[at] != '"') {
        at += json[at] == '\\' ? 2 : 1;
    }
    return at;
}

std::string pack_vocabulary(const std::string& json) {
    std::string tokens;
    std::string style = json.find("\": 0") < json.find("\":0") ? text(", ") + text(": ") : text(",") + text(":");
    for (size_t at = json.find('"'); at != std::string::npos; at = json.find('"', at)) {
        size_t end = string_end(json, at + 1);
        tokens += json.substr(at + 1, end - at - 1) + '\n';
        at = end + 1;
    }
    return std::string(1, VOCABULARY) + style + text(tokens);
}

std::string pack_merges(const std::string& content, const std::string& vocabulary, uint8_t style) {
    style |= content.back() == '\n' ? 0 : NO_LAST_BREAK;
    auto tokens        = tokens_of(Reader{std::string_view(vocabulary).substr(1)});
    auto merges        = all_merges(tokens, style);
    std::string header = content.compare(0, 8, "#version") == 0 ? content.substr(0, content.find('\n') + 1) : "";
    auto lines         = lines_of(std::string_view(content).substr(header.size()));
    std::unordered_map<std::string_view, size_t> places;
    for (size_t i = 0; i < merges.size(); i++) {
        places.emplace(merges[i], i);
    }
    // up to the last line that steps back
    size_t unordered = 0;
    for (size_t i = 1; i < lines.size(); i++) {
        if (places[lines[i]] < places[lines[i - 1]]) {
            unordered = i;
        }
    }
    std::string first;
    for (size_t i = 0; i < unordered; i++) {
        first += std::string(lines[i]) + '\n';
    }
    return std::string(1, MERGES) + static_cast<char>(style) + text(header) + text(first);
}

std::string pack_unigrams(const std::string& json) {
    size_t begin = json.find("[[\"", json.find("\"vocab\"")) + 1;
    std::string tokens;
    std::string steps;
    uint32_t last = 0;
    size_t at     = begin;
    while (json.compare(at, 2, "[\"") == 0) {
        size_t end = string_end(json, at + 2);
        tokens += json.substr(at + 2, end - at - 2) + '\n';
        char* after;
        float score = std::strtof(json.c_str() + end + 3, &after);
        uint32_t bits;
        std::memcpy(&bits, &score, sizeof bits);
        int32_t step = static_cast<int32_t>(bits - last);
        steps += number((static_cast<uint32_t>(step) << 1) ^ static_cast<uint32_t>(step >> 31));
        last = bits;
        at   = static_cast<size_t>(after - json.c_str()) + 1;
        if (json.compare(at, 3, ", [") != 0) {
            break;
        }
        at += 2;
    }
    return std::string(1, UNIGRAMS) + text(json.substr(0, begin)) + text(json.substr(at)) + text(tokens) + steps;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        fail("usage: pack_vocab FOLDER OUT");
    }
    std::vector<std::string> packed;
    std::string all;
    for (const Table& table : kTables) {
        std::string content = bytes_of(std::string(argv[1]) + "/" + table.file, table.array);
        std::string best = std::string(1, RAW) + content;
        auto take        = [&](const std::string& way) {
            if (way.size() < best.size() && unpack(all + text(way), packed.size()) == content) {
                best = way;
            }
        };
        if (table.vocabulary >= 0 && packed[table.vocabulary][0] == VOCABULARY) {
            for (uint8_t style : {0, +LONGEST_FIRST, +UNESCAPED, LONGEST_FIRST | UNESCAPED}) {
                if (best.size() > content.size() / 2) {  // else it was the right one
                    take(pack_merges(content, packed[table.vocabulary], style));
                }
            }
        } else if (content.compare(0, 10, "{\"version\"") == 0) {
            take(pack_unigrams(content));
        } else if (content[0] == '{') {
            take(pack_vocabulary(content));
        }
        std::printf("%-20s %8zu bytes are %8zu%s\n", table.name, content.size(), best.size(), best[0] == RAW ? ", as they are" : "");
        packed.push_back(best);
        all += text(best);
    }
    std::ofstream(argv[2], std::ios::binary) << all;
    return 0;
}
