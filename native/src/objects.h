#pragma once

#include <atomic>
#include <cstdint>

namespace sdcpp4j {

// Contexts, upscalers and picture arrays handed out and not yet taken back; see sdcpp4j_live_objects.
inline std::atomic<int64_t> live_objects{0};

// glibc keeps what was freed for the thread that freed it, and each model has threads of its own: without this, a process
// that opens and closes models grows by tens of megabytes each time, up to several hundred.
void give_back_freed_memory();

}  // namespace sdcpp4j
