/*
 * For glibc 2.28 on x86-64, when built with a newer one. A linker binds each function to its newest version, of which an older
 * glibc has none; the ones below are bound to the version that all have. The linker sends every call here (--wrap, see
 * cmake/Modules.cmake), those of the C++ runtime too. What glibc 2.34 moved into libc.so.6 from libpthread and libdl is found in
 * those on an older one: every JVM has loaded them.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <sched.h>
#include <stdint.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OLD(version, result, name, parameters, arguments)                       \
    __asm__(".symver old_" #name ", " #name "@GLIBC_" version);                  \
    extern result old_##name parameters;                                        \
    extern result __wrap_##name parameters;                                     \
    result __wrap_##name parameters { return old_##name arguments; }

OLD("2.2.5", double, exp, (double x), (x))
OLD("2.2.5", double, log, (double x), (x))
OLD("2.2.5", double, log2, (double x), (x))
OLD("2.2.5", double, pow, (double x, double y), (x, y))
OLD("2.2.5", void*, dlopen, (const char* name, int flags), (name, flags))
OLD("2.2.5", void*, dlsym, (void* handle, const char* name), (handle, name))
OLD("2.2.5", int, dlclose, (void* handle), (handle))
OLD("2.2.5", char*, dlerror, (void), ())
OLD("2.2.5", int, dladdr, (const void* address, Dl_info* info), (address, info))
OLD("2.2.5", int, pthread_create, (pthread_t * thread, const pthread_attr_t* attributes, void* (*run)(void*), void* data),
    (thread, attributes, run, data))
OLD("2.2.5", int, pthread_join, (pthread_t thread, void** result), (thread, result))
OLD("2.2.5", int, pthread_detach, (pthread_t thread), (thread))
OLD("2.2.5", int, pthread_once, (pthread_once_t * once, void (*run)(void)), (once, run))
OLD("2.2.5", int, pthread_key_create, (pthread_key_t * key, void (*destroy)(void*)), (key, destroy))
OLD("2.2.5", int, __pthread_key_create, (pthread_key_t * key, void (*destroy)(void*)), (key, destroy))
OLD("2.2.5", int, pthread_key_delete, (pthread_key_t key), (key))
OLD("2.2.5", void*, pthread_getspecific, (pthread_key_t key), (key))
OLD("2.2.5", int, pthread_setspecific, (pthread_key_t key, const void* value), (key, value))
OLD("2.2.5", int, pthread_mutex_trylock, (pthread_mutex_t * mutex), (mutex))
OLD("2.2.5", int, pthread_getattr_np, (pthread_t thread, pthread_attr_t* attributes), (thread, attributes))
OLD("2.2.5", int, pthread_attr_getstack, (const pthread_attr_t* attributes, void** stack, size_t* size), (attributes, stack, size))
OLD("2.3.4", int, pthread_setaffinity_np, (pthread_t thread, size_t size, const cpu_set_t* cpus), (thread, size, cpus))
OLD("2.3.4", int, pthread_getaffinity_np, (pthread_t thread, size_t size, cpu_set_t* cpus), (thread, size, cpus))

OLD("2.2.5", int, __xstat, (int version, const char* path, struct stat* out), (version, path, out))
OLD("2.2.5", int, __lxstat, (int version, const char* path, struct stat* out), (version, path, out))
OLD("2.2.5", int, __fxstat, (int version, int file, struct stat* out), (version, file, out))
OLD("2.4", int, __fxstatat, (int version, int folder, const char* path, struct stat* out, int flags),
    (version, folder, path, out, flags))

enum { LAYOUT = 1 }; /* the kernel's layout of struct stat, on x86-64 */
int __wrap_stat(const char* path, struct stat* out) { return old___xstat(LAYOUT, path, out); }
int __wrap_lstat(const char* path, struct stat* out) { return old___lxstat(LAYOUT, path, out); }
int __wrap_fstat(int file, struct stat* out) { return old___fxstat(LAYOUT, file, out); }
int __wrap_fstatat(int folder, const char* path, struct stat* out, int flags) {
    return old___fxstatat(LAYOUT, folder, path, out, flags);
}
int __wrap_stat64(const char* path, struct stat* out) { return old___xstat(LAYOUT, path, out); }
int __wrap_lstat64(const char* path, struct stat* out) { return old___lxstat(LAYOUT, path, out); }
int __wrap_fstat64(int file, struct stat* out) { return old___fxstat(LAYOUT, file, out); }

int __wrap_getcpu(unsigned* cpu, unsigned* node) { return (int)syscall(SYS_getcpu, cpu, node, NULL); }

uint32_t __wrap_arc4random(void) {
    uint32_t value = 0;
    while (getrandom(&value, sizeof value, 0) != sizeof value) {
    }
    return value;
}

/* glibc says here that there is one thread only, and libstdc++ then leaves out atomic operations: never, in a JVM. */
char __libc_single_threaded = 0;

/* By which the C++ runtime finds what to do at an exception (glibc 2.35); older ones are asked object by object. */
struct wanted {
    uintptr_t address;
    struct dl_find_object* found;
};

static int look_at(struct dl_phdr_info* info, size_t size, void* data) {
    (void)size;
    struct wanted* wanted = data;
    void* table           = NULL;
    int is_here           = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr)* part = &info->dlpi_phdr[i];
        uintptr_t begin        = info->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_GNU_EH_FRAME) {
            table = (void*)begin;
        } else if (part->p_type == PT_LOAD && wanted->address - begin < part->p_memsz) {
            is_here                      = 1;
            wanted->found->dlfo_map_start = (void*)begin;
            wanted->found->dlfo_map_end   = (void*)(begin + part->p_memsz);
        }
    }
    wanted->found->dlfo_eh_frame = table;
    return is_here && table != NULL;
}

int __wrap__dl_find_object(void* address, struct dl_find_object* result) {
    struct wanted wanted  = {(uintptr_t)address, result};
    result->dlfo_flags    = 0;
    result->dlfo_link_map = NULL; /* which nobody there reads */
    return dl_iterate_phdr(look_at, &wanted) == 1 ? 0 : -1;
}
