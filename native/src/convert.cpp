// Model files into other types and formats.

#include <cstring>

#include "guard.h"
#include "names.h"

extern "C" int32_t sdcpp4j_convert(sdcpp4j_call* call, const char* input, const char* vae, const char* output, int32_t type,
                                   const char* rules) {
    return sdcpp4j::guarded(call, [&](sdcpp4j::Job& job) -> int32_t {
        if (input == nullptr || output == nullptr || type < 0 || type > SD_TYPE_COUNT) {
            job.fail("input and output must not be NULL, type one of sd_type_t");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        job.enter(SDCPP4J_PHASE_LOAD);
        sdcpp4j::fill_name_tables();
        if (!convert(input, vae, output, static_cast<sd_type_t>(type), rules == nullptr ? "" : rules, true)) {
            job.fail("the file could not be converted");
            return SDCPP4J_FAILED;
        }
        return SDCPP4J_OK;
    });
}
