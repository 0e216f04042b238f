// What this library is: ABI, upstream version, struct layouts. The Java side compares them before it trusts anything.

#include "sdcpp4j.h"

#include <cstddef>

namespace {

#define TYPE(type) {#type, nullptr, 0, sizeof(type)}
#define FIELD(type, field) {#type, #field, offsetof(type, field), sizeof(type::field)}

const sdcpp4j_layout_entry kLayout[] = {
#include "layout.inc"
};

}  // namespace

extern "C" int32_t sdcpp4j_abi_version(void) { return SDCPP4J_ABI_VERSION; }

extern "C" const char* sdcpp4j_upstream_version(void) { return SDCPP4J_UPSTREAM_VERSION; }

extern "C" const char* sdcpp4j_preset(void) { return SDCPP4J_PRESET; }

extern "C" int32_t sdcpp4j_layout(const sdcpp4j_layout_entry** entries) {
    *entries = kLayout;
    return static_cast<int32_t>(sizeof(kLayout) / sizeof(kLayout[0]));
}
