/* Files: raw pictures, and whole texts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define HEADER_BYTES 8

char* read_file(const char* path, size_t* size) {
    FILE* file = fopen(path, "rb");
    if (file == NULL) {
        fail("cannot open %s: %s", path, strerror(errno));
    }
    size_t capacity = 1 << 16;
    char* bytes     = checked(malloc(capacity));
    *size           = 0;
    for (size_t got; (got = fread(bytes + *size, 1, capacity - 1 - *size, file)) > 0;) {
        *size += got;
        if (*size == capacity - 1) {
            capacity *= 2;
            bytes = checked(realloc(bytes, capacity));
        }
    }
    if (ferror(file)) {
        fail("cannot read %s: %s", path, strerror(errno));
    }
    fclose(file);
    bytes[*size] = '\0';
    return bytes;
}

static uint32_t get_u32(const uint8_t* bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void put_u32(uint8_t* bytes, uint32_t value) {
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
}

sd_image_t read_rgb(const char* path) {
    size_t size;
    uint8_t* bytes = (uint8_t*)read_file(path, &size);
    if (size < HEADER_BYTES) {
        fail("%s is no raw picture: it has %zu bytes and no header", path, size);
    }
    sd_image_t image = {get_u32(bytes), get_u32(bytes + 4), 3, bytes};
    if (image.width == 0 || image.height == 0 || (uint64_t)image.width * image.height > SIZE_MAX / 4 ||
        (size_t)image.width * image.height * 3 != size - HEADER_BYTES) {
        fail("%s is no raw picture: its header says %ux%u, and %zu bytes follow", path, (unsigned)image.width,
             (unsigned)image.height, size - HEADER_BYTES);
    }
    memmove(bytes, bytes + HEADER_BYTES, size - HEADER_BYTES);
    return image;
}

void write_rgb(const char* path, const sd_image_t* image) {
    FILE* file = fopen(path, "wb");
    if (file == NULL) {
        fail("cannot open %s: %s", path, strerror(errno));
    }
    uint8_t header[HEADER_BYTES];
    put_u32(header, image->width);
    put_u32(header + 4, image->height);
    size_t pixels = (size_t)image->width * image->height;
    bool written  = fwrite(header, 1, HEADER_BYTES, file) == HEADER_BYTES && fwrite(image->data, 3, pixels, file) == pixels;
    if (fclose(file) != 0 || !written) {
        fail("cannot write %s: %s", path, strerror(errno));
    }
}
