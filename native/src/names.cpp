#include "names.h"

#include <mutex>

#include "name_conversion.h"

void sdcpp4j::fill_name_tables() {
    static std::once_flag once;
    std::call_once(once, [] {
        for (int version = 0; version < VERSION_COUNT; version++) {
            convert_tensor_name("model.diffusion_model.x", static_cast<SDVersion>(version));
            convert_tensor_name("first_stage_model.x", static_cast<SDVersion>(version));
        }
    });
}
