// What this library is: ABI, upstream version, struct layouts. The Java side compares them before it trusts anything.

#include "sdcpp4j.h"

#include <cstddef>
#include <string>

#include "fastcpu/backend.h"
#include "ggml-backend.h"

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

extern "C" const char* sdcpp4j_devices(void) {
    static const std::string text = [] {
        sdcpp4j::fastcpu::register_devices();
        std::string lines;
        for (size_t i = 0; i < ggml_backend_dev_count(); i++) {
            ggml_backend_dev_t device = ggml_backend_dev_get(i);
            lines += std::string(ggml_backend_dev_name(device)) + '\t' + ggml_backend_dev_description(device) + '\n';
        }
        return lines;
    }();
    return text.c_str();
}
