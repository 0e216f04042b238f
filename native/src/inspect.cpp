// What a model file holds, by its header alone.

#include "guard.h"
#include "model_loader.h"
#include "names.h"
#include "core/util.h"

extern const char* model_version_to_str[];  // stable-diffusion.cpp

extern "C" int32_t sdcpp4j_inspect(sdcpp4j_call* call, const char* path, sdcpp4j_inspection* out) {
    return sdcpp4j::guarded(call, [&](sdcpp4j::Job& job) -> int32_t {
        if (path == nullptr || out == nullptr) {
            job.fail("path and out must not be NULL");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        *out = {};
        sdcpp4j::fill_name_tables();
        ModelLoader loader;
        if (!loader.init_from_file(path)) {
            job.fail("the file could not be read");
            return SDCPP4J_FAILED;
        }
        loader.convert_tensors_name();

        SDVersion version = loader.get_sd_version();
        out->family       = version == VERSION_COUNT ? nullptr : model_version_to_str[version];
        out->weight_type  = SD_TYPE_COUNT;
        std::map<ggml_type, uint32_t> types = loader.get_diffusion_model_wtype_stat();
        uint32_t most = 0;
        for (const auto& [type, count] : types) {
            if (count > most) {
                most             = count;
                out->weight_type = static_cast<int32_t>(type);
            }
        }
        for (const auto& [name, tensor] : loader.get_tensor_storage_map()) {
            out->tensors++;
            out->parameters += tensor.nelements();
            out->weight_bytes += tensor.nbytes();
            out->has_diffusion |= starts_with(name, "model.diffusion_model.");
            out->has_text_encoder |= starts_with(name, "cond_stage_model.") || starts_with(name, "text_encoders.");
            out->has_vae |= starts_with(name, "first_stage_model.") || starts_with(name, "vae.");
        }
        return SDCPP4J_OK;
    });
}
