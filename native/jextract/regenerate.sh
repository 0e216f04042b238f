#!/bin/sh
# Regenerates the Java bindings of native/include/sdcpp4j.h and of upstream's header, which it includes.
#
#   regenerate.sh             writes java/sdcpp4j/src/generated/java
#   regenerate.sh --check     writes nothing; fails when the committed bindings differ from what jextract makes
#   regenerate.sh --includes  rewrites includes.conf from the headers
#
# Needs jextract 23 or newer on the PATH, and the upstream sources in native/build/upstream: any CMake preset brings
# them, e.g. `cmake --preset cpu` in native/.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
native=$(dirname "$here")
target=$(dirname "$native")/java/sdcpp4j/src/generated/java
upstream=${SDCPP_SOURCE:-$native/build/upstream/vendor/diffusion-rs-sys/stable-diffusion.cpp}
package=io.github.sdcpp4j.internal.bindings

fail() { echo "regenerate.sh: $1" >&2; exit 1; }

command -v jextract >/dev/null || fail "jextract is not on the PATH: it is the tool of the openjdk/jextract project"
version=$(jextract --version 2>&1 | sed -n 's/^jextract \([0-9]*\).*/\1/p')
[ "${version:-0}" -ge 23 ] || fail "jextract 23 or newer is needed, found '$(jextract --version 2>&1 | head -n 1)'"
[ -f "$upstream/include/stable-diffusion.h" ] || fail "no upstream sources in $upstream: run 'cmake --preset cpu' in native/"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ "${1:-}" = --includes ]; then
    jextract --dump-includes "$work/all" -I "$native/include" -I "$upstream/include" "$native/include/sdcpp4j.h" 2>/dev/null
    {
        echo "# What is bound: every function, struct, callback and constant of the two public headers."
        echo "# Written by regenerate.sh --includes."
        # the opaque structs have no layout to bind
        grep -E '^--.*(stable-diffusion|sdcpp4j)\.h$' "$work/all" | sed 's/ *#.*//' | grep -vE ' (sd_ctx_t|upscaler_ctx_t|sdcpp4j_upscaler|sdcpp4j_vision)$'
    } > "$here/includes.conf"
    exit 0
fi

grep -v '^#' "$here/includes.conf" > "$work/includes"
jextract --output "$work/java" -t "$package" -I "$native/include" -I "$upstream/include" \
    "@$work/includes" "$native/include/sdcpp4j.h"

# An old libclang (14) loses the structs that have no tag, and nothing complains; 18 has them.
[ -f "$work/java/$(echo "$package" | tr . /)/sd_ctx_params_t.java" ] || fail "jextract lost structs: its libclang is too old, take 18"

# findOrThrow is newer than Java 22.
find "$work/java" -name '*.java' -exec sed -i -E 's/\.findOrThrow\(("[^"]*")\)/.find(\1).orElseThrow()/' {} +
if grep -rl "$native" "$work/java"; then fail "the bindings name a path of this machine"; fi

if [ "${1:-}" = --check ]; then
    diff -r "$work/java" "$target" && echo "The bindings are up to date."
else
    rm -rf "$target"
    mkdir -p "$target"
    cp -R "$work/java/." "$target"
fi
