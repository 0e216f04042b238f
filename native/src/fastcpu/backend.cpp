#include "backend.h"

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

#include "ggml-backend-impl.h"
#include "graph.h"

namespace sdcpp4j::fastcpu {

namespace {

constexpr char kRegistryName[] = "fastcpu";

struct Device {
    const char* name;
    bool fast;
    std::string description;
    ggml_backend_device ggml;
};

// --- a backend ----------------------------------------------------------------------------------------------

Graphs& graphs(ggml_backend_t backend) { return *static_cast<Graphs*>(backend->context); }
Device& device(ggml_backend_dev_t dev) { return *static_cast<Device*>(dev->context); }
ggml_backend_dev_t cpu_device() { return ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU); }

const char* backend_name(ggml_backend_t backend) { return device(backend->device).name; }

void free_backend(ggml_backend_t backend) {
    delete &graphs(backend);
    delete backend;
}

ggml_status compute(ggml_backend_t backend, ggml_cgraph* graph) { return graphs(backend).compute(graph); }

ggml_guid_t guid() {
    static ggml_guid id = {0x73, 0x64, 0x63, 0x70, 0x70, 0x34, 0x6a, 0x2d, 0x66, 0x61, 0x73, 0x74, 0x63, 0x70, 0x75, 0x01};
    return &id;
}

ggml_backend_i backend_interface() {
    ggml_backend_i i = {};
    i.get_name       = backend_name;
    i.free           = free_backend;
    i.graph_compute  = compute;
    return i;
}

// --- a device: what is not computing is asked of ggml's CPU -------------------------------------------------------

const char* device_name(ggml_backend_dev_t dev) { return device(dev).name; }
const char* device_description(ggml_backend_dev_t dev) { return device(dev).description.c_str(); }
void device_memory(ggml_backend_dev_t, size_t* free, size_t* total) { ggml_backend_dev_memory(cpu_device(), free, total); }
enum ggml_backend_dev_type device_type(ggml_backend_dev_t) { return GGML_BACKEND_DEVICE_TYPE_CPU; }

void device_props(ggml_backend_dev_t dev, ggml_backend_dev_props* props) {
    ggml_backend_dev_get_props(cpu_device(), props);
    props->name        = device(dev).name;
    props->description = device_description(dev);
}

// The environment can ask for a lower level, to compare them; "none" takes no operation over.
const char* wanted_level(const char* params) { return params != nullptr ? params : std::getenv("SDCPP4J_CPU_LEVEL"); }

const Level* chosen_level(const char* params) {
    const char* wanted = wanted_level(params);
    return wanted != nullptr && std::strcmp(wanted, "none") == 0 ? nullptr : level(wanted);
}

ggml_backend_t new_backend(ggml_backend_dev_t dev, const char* params) {
    ggml_backend_t cpu = ggml_backend_dev_init(cpu_device(), nullptr);
    return cpu == nullptr ? nullptr : new ggml_backend{guid(), backend_interface(), dev, new Graphs(cpu, chosen_level(params), device(dev).fast)};
}

ggml_backend_buffer_type_t device_buffer_type(ggml_backend_dev_t) { return ggml_backend_dev_buffer_type(cpu_device()); }

ggml_backend_buffer_t device_buffer(ggml_backend_dev_t, void* data, size_t size, size_t max_tensor_size) {
    return ggml_backend_dev_buffer_from_host_ptr(cpu_device(), data, size, max_tensor_size);
}

bool device_supports(ggml_backend_dev_t, const ggml_tensor* node) { return ggml_backend_dev_supports_op(cpu_device(), node); }
bool device_uses(ggml_backend_dev_t, ggml_backend_buffer_type_t type) {
    return ggml_backend_dev_supports_buft(cpu_device(), type);
}

ggml_backend_device_i device_interface() {
    ggml_backend_device_i i = {};
    i.get_name              = device_name;
    i.get_description       = device_description;
    i.get_memory            = device_memory;
    i.get_type              = device_type;
    i.get_props             = device_props;
    i.init_backend          = new_backend;
    i.get_buffer_type       = device_buffer_type;
    i.buffer_from_host_ptr  = device_buffer;
    i.supports_op           = device_supports;
    i.supports_buft         = device_uses;
    return i;
}

// --- the registry's entry -----------------------------------------------------------------------------------------

void set_threads(ggml_backend_t backend, int threads) { graphs(backend).set_threads(threads); }
void set_abort_callback(ggml_backend_t backend, ggml_abort_callback callback, void* data) {
    graphs(backend).set_abort_callback(callback, data);
}

void* function(ggml_backend_reg_t, const char* name) {
    if (std::strcmp(name, "ggml_backend_set_n_threads") == 0) {
        return reinterpret_cast<void*>(set_threads);
    }
    if (std::strcmp(name, "ggml_backend_set_abort_callback") == 0) {
        return reinterpret_cast<void*>(set_abort_callback);
    }
    if (std::strcmp(name, "ggml_backend_get_features") == 0) {
        return ggml_backend_reg_get_proc_address(ggml_backend_dev_backend_reg(cpu_device()), name);
    }
    return nullptr;  // the others take a backend of ggml's own making
}

const char* registry_name(ggml_backend_reg_t) { return kRegistryName; }
size_t device_count(ggml_backend_reg_t) { return 2; }

ggml_backend_dev_t device_at(ggml_backend_reg_t registry, size_t index) {
    static Device devices[] = {
        {kExactDevice, false, "", {device_interface(), registry, nullptr}},
        {kFastDevice, true, "", {device_interface(), registry, nullptr}},
    };
    Device& device = devices[index];
    if (device.ggml.context == nullptr) {
        const Level& best   = *level(wanted_level(nullptr));
        const Gemm* gemm    = device.fast && best.fast != nullptr ? best.fast : best.exact;
        device.description  = std::string("own kernels, ") + gemm->name;
        device.description += gemm->element == 4 ? ", f32" : ", bf16";
        device.ggml.context = &device;
    }
    return &device.ggml;
}

ggml_backend_reg_t registry() {
    static ggml_backend_reg entry = [] {
        ggml_backend_reg r       = {};
        r.api_version            = GGML_BACKEND_API_VERSION;
        r.iface.get_name         = registry_name;
        r.iface.get_device_count = device_count;
        r.iface.get_device       = device_at;
        r.iface.get_proc_address = function;
        return r;
    }();
    return &entry;
}

}  // namespace

void register_devices() {
    // not before ggml's CPU is there, which may come from a file of its own
    static std::mutex mutex;
    static bool done = false;
    std::lock_guard<std::mutex> lock(mutex);
    if (!done && level(nullptr) != nullptr && cpu_device() != nullptr) {
        ggml_backend_register(registry());
        done = true;
    }
}

bool is_worthwhile() { return chosen_level(nullptr) != nullptr; }

bool is_fastcpu(ggml_backend_t backend) { return backend != nullptr && ggml_guid_matches(backend->guid, guid()); }

}  // namespace sdcpp4j::fastcpu
