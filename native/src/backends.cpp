// What computes. A build with modules (see cmake/Modules.cmake) looks here at the CPU and at the files beside the library,
// and registers with ggml what fits; upstream's call of ggml_backend_load_all arrives here too (see CMakeLists.txt). In any
// other build ggml has registered all by itself.

#include "backends.h"

#include <algorithm>
#include <cctype>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "fastcpu/backend.h"
#include "ggml-backend-dl.h"
#include "ggml-backend-impl.h"
#include "ggml-backend.h"
#include "ggml-cpu.h"
#include "hooks.h"
#include "module.h"
#include "sdcpp4j.h"

#if !defined(_WIN32)
#include <dlfcn.h>
#endif

namespace {

#if defined(SDCPP4J_MODULES)

using sdcpp4j::log_line;
using sdcpp4j::ModuleHost;

// One kind of CPU that there is a module for. The checks are ggml's; a higher number is a better fit, 0 is none.
struct CpuModule {
    const char* name;
    int (*score)();
};

extern "C" {
#define MODULE(name) int sdcpp4j_score_##name(void);
SDCPP4J_CPU_MODULES
#undef MODULE
}

const std::vector<CpuModule> kCpuModules = {
#define MODULE(name) {#name, sdcpp4j_score_##name},
    SDCPP4J_CPU_MODULES
#undef MODULE
};

// Something in this library, and not in another copy of it that the process may hold.
const char kHere = 0;

#if defined(_WIN32)
fs::path own_folder() {
    HMODULE library = nullptr;
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                       reinterpret_cast<LPCWSTR>(&kHere), &library);
    std::vector<wchar_t> path(32768);
    DWORD length = GetModuleFileNameW(library, path.data(), static_cast<DWORD>(path.size()));
    return fs::path(std::wstring(path.data(), length)).parent_path();
}
fs::path file_name(const std::string& name) { return "sdcpp4j-" + name + ".dll"; }
#else
fs::path own_folder() {
    Dl_info info = {};
    if (dladdr(&kHere, &info) == 0) {
        return {};
    }
    std::error_code error;
    fs::path file = fs::canonical(info.dli_fname, error);  // beside the file itself, if the name is a link
    return (error ? fs::path(info.dli_fname) : file).parent_path();
}
#if defined(__APPLE__)
fs::path file_name(const std::string& name) { return "libsdcpp4j-" + name + ".dylib"; }
#else
fs::path file_name(const std::string& name) { return "libsdcpp4j-" + name + ".so"; }
#endif
#endif

// cpu-feats.cpp asks the CPU only; whether the system saves the wider registers is known here.
bool system_saves_registers() {
#if defined(__GNUC__) && defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx");
#else
    return true;
#endif
}

// What a module says while it starts. Nobody else needs to hear it: it tells why the module is not used, if it is not.
std::string heard;

void hear(ggml_log_level level, const char* text, void*) {
    if (level >= GGML_LOG_LEVEL_WARN && level != GGML_LOG_LEVEL_CONT) {
        heard += heard.empty() ? "" : " ";
        heard += text;
        heard.erase(heard.find_last_not_of("\r\n") + 1);
    }
}

[[noreturn]] void refuse(const char* message) { throw std::runtime_error(message); }

// Starts a module; it is never unloaded. NULL with a reason when it cannot be used.
ggml_backend_reg_t start(const fs::path& file, std::string& reason) {
    dl_handle* handle = dl_load_library(file);
    auto entry        = handle == nullptr ? nullptr : reinterpret_cast<sdcpp4j::ModuleEntry>(dl_get_sym(handle, "sdcpp4j_module"));
    if (entry == nullptr) {
        reason = dl_error();
        reason = reason.empty() ? file.string() + " cannot be loaded" : reason;
        return nullptr;
    }
    try {
        heard.clear();
        ModuleHost starting        = {SDCPP4J_BUILD, hear, refuse};
        ggml_backend_reg_t backend = entry(&starting);
        if (backend == nullptr || backend->api_version != GGML_BACKEND_API_VERSION) {
            reason = file.string() + " is of another build";
            return nullptr;
        }
        if (ggml_backend_reg_dev_count(backend) == 0) {
            reason = heard.empty() ? "it found no device" : heard;
            return nullptr;
        }
        ModuleHost running = {SDCPP4J_BUILD, sdcpp4j::on_ggml_log, sdcpp4j::on_ggml_abort};
        return entry(&running);
    } catch (const std::exception& e) {
        reason = e.what();
        return nullptr;
    }
}

std::string load_cpu(const fs::path& folder) {
    std::vector<std::pair<int, const char*>> fitting;
    for (const CpuModule& module : kCpuModules) {
        if (int score = system_saves_registers() ? module.score() : 0; score > 0) {
            fitting.emplace_back(score, module.name);
        }
    }
    std::sort(fitting.rbegin(), fitting.rend());
    std::string reason;
    for (const auto& [score, name] : fitting) {
        fs::path file = folder / file_name(std::string("cpu-") + name);
        if (ggml_backend_reg_t backend = start(file, reason); backend != nullptr) {
            ggml_backend_register(backend);
            log_line(SD_LOG_INFO, std::string("CPU code: ") + name + ", from " + file.string());
            return name;
        }
    }
    ggml_backend_register(ggml_backend_cpu_reg());
    if (fitting.empty()) {
        log_line(SD_LOG_INFO, "CPU code: built in, which any CPU of this kind runs");
    } else {
        log_line(SD_LOG_WARN, "the CPU could compute faster, but no module for it can be used (" + reason +
                                  "): keep the files of the native library together");
    }
    return "built in";
}

void load_gpus(const fs::path& folder) {
    fs::path file = folder / file_name("cuda");
    std::error_code error;
    if (!fs::exists(file, error)) {
        return;
    }
    std::string reason;
    if (ggml_backend_reg_t backend = start(file, reason); backend != nullptr) {
        ggml_backend_register(backend);
        log_line(SD_LOG_INFO, "CUDA devices: " + std::to_string(ggml_backend_reg_dev_count(backend)));
    } else {
        log_line(SD_LOG_WARN, "CUDA cannot be used, the CPU computes: " + reason);
    }
}

#endif

// Of "a,vae=b" the parts whose device is wanted, a comma before each.
std::string parts_of(const std::string& spec, bool (*is_wanted)(const std::string& device)) {
    std::string parts;
    std::istringstream all(spec);
    for (std::string part; std::getline(all, part, ',');) {
        std::string device;
        for (char c : part.substr(part.find('=') + 1)) {
            if (std::isspace(static_cast<unsigned char>(c)) == 0) {
                device += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            }
        }
        if (is_wanted(device)) {
            parts += "," + part;
        }
    }
    return parts;
}

std::string& chosen_cpu_code() {
    static std::string name = "built in";
    return name;
}

}  // namespace

void sdcpp4j::load_backends() {
#if defined(SDCPP4J_MODULES)
    static std::once_flag once;
    std::call_once(once, [] {
        fs::path folder = own_folder();
        load_gpus(folder);
        chosen_cpu_code() = load_cpu(folder);
    });
#endif
    fastcpu::register_devices();
}

const std::string& sdcpp4j::cpu_code() {
    load_backends();
    return chosen_cpu_code();
}

sdcpp4j::Placement sdcpp4j::placement(const char* backend, const char* params_backend) {
    load_backends();
    std::string asked   = backend == nullptr ? "" : backend;
    std::string weights = params_backend == nullptr ? "" : params_backend;
    if (ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_GPU) != nullptr ||
        ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_IGPU) != nullptr || !fastcpu::is_worthwhile()) {
        return {asked, weights};
    }
    // What is named stands behind the default and overrules it. All weights lie in the machine's memory, whatever its devices
    // are called: a name other than the computing one's would make upstream copy them for each computation.
    return {fastcpu::kExactDevice + parts_of(asked, [](const std::string& device) { return device != "auto" && device != "default"; }),
            parts_of(weights, [](const std::string& device) { return device == "disk"; })};
}

// In the place of ggml_backend_load_all, which would search the folder of the program and the working folder.
extern "C" void sdcpp4j_load_all_backends(void) { sdcpp4j::load_backends(); }
