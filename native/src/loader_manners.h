// Included ahead of upstream's model_loader.cpp.
#pragma once
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "zip.h"

// Its only use is a line break on stdout between two files.
#define printf(...) ((void)0)

// Its only use is the wait between two looks at the loader's workers, 200 ms: as long as a small part of a file takes.
#define sleep_for(duration) sleep_for(std::chrono::milliseconds(2))

namespace sdcpp4j {

// Reads bytes of the open entry from an offset on; false when they are not there or the entry is damaged.
inline bool read_zip_entry(zip_t* zip, void* target, size_t bytes, size_t offset) {
    size_t entry_bytes = static_cast<size_t>(zip_entry_size(zip));
    if (offset > entry_bytes || bytes > entry_bytes - offset) {
        return false;
    }
    if (bytes == entry_bytes) {
        return zip_entry_noallocread(zip, target, bytes) >= 0;
    }
    std::vector<char> entry(entry_bytes);
    if (zip_entry_noallocread(zip, entry.data(), entry_bytes) < 0) {
        return false;
    }
    std::memcpy(target, entry.data() + offset, bytes);
    return true;
}

}  // namespace sdcpp4j

// Upstream reads a tensor that is a part of its entry through the buffer that it was asked to fill, which moves meanwhile, and
// does not look at what reading returns. With these two, every tensor looks like a whole entry there, and is read above;
// n, tensor_storage and failed are the names where the macros are used.
#define zip_entry_size(zip) n
#define zip_entry_noallocread(zip, target, bytes) \
    (failed = failed || !sdcpp4j::read_zip_entry(zip, target, bytes, tensor_storage.offset))
