#!/bin/sh
# Checks what the cpu-portable preset has built: what it needs of a machine, what leaves it, how large it is, and that it
# starts on the oldest CPU it is for.
#
#   check-portable.sh [MODEL [TAESD]]     MODEL: a small checkpoint, such as one in java/testkit/target/fixtures; TAESD: a tiny
#                                         autoencoder, without which an emulated picture takes a quarter of an hour
#
# The emulated CPUs need qemu-x86_64 (Debian: apt install qemu-user); without it, or without MODEL, that part is skipped.
set -eu

native=$(cd "$(dirname "$0")" && pwd)
install=$native/build/cpu-portable/install
model=${1:-}
taesd=${2:-}
failed=0
fail() { echo "NOT OK $1"; failed=1; }

[ -f "$install/lib/libsdcpp4j.so" ] || { echo "check-portable.sh: first build it: cmake --preset cpu-portable && cmake --build build/cpu-portable --target install" >&2; exit 2; }

for file in "$install"/lib/*.so; do
    name=$(basename "$file")
    needed=$(objdump -p "$file" | awk '/NEEDED/ { print $2 }' | tr '\n' ' ')
    case "$needed" in *libstdc++* | *libgomp* | *libgcc_s*) fail "$name needs $needed" ;; *) echo "ok $name needs only $needed" ;; esac
    level=$(objdump -T "$file" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1)
    echo "   $level: $(objdump -T "$file" | grep -F "$level)" | awk '{ print $NF }' | tr '\n' ' ')"
    foreign=$(objdump -T "$file" | awk '$4 == ".text" || $4 == ".data" || $4 == ".rodata" || $4 == ".bss" { print $NF }' |
        grep -E '^(ggml|gguf|_Z)' || true)
    if [ -z "$foreign" ]; then echo "ok $name exports nothing of ggml or C++"; else fail "$name exports $foreign"; fi
done

size=$(cd "$install/lib" && tar -c ./*.so | gzip -6 | wc -c)
if [ "$size" -lt 14000000 ]; then echo "ok $size bytes compressed"; else fail "$size bytes compressed"; fi

if [ -z "$model" ] || ! command -v qemu-x86_64 >/dev/null; then
    echo "skipped: emulated CPUs, which need a MODEL and qemu-x86_64"
    exit $failed
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# the CPU, and whose code it must choose
for case in "Nehalem:built in" "Haswell:haswell"; do
    cpu=${case%%:*}
    code=$(qemu-x86_64 -cpu "$cpu" "$install/bin/sdcpp4j-bench" devices 2>"$work/log" | awk -F'\t' '$1 == "CPU" { print $2 }')
    if [ "$code" != "${case#*:}" ]; then
        fail "on $cpu the code chosen is '$code', expected '${case#*:}': $(tail -n 3 "$work/log")"
    elif qemu-x86_64 -cpu "$cpu" "$install/bin/sdcpp4j-bench" generate --model "$model" ${taesd:+--taesd "$taesd"} \
        "$(printf 'prompt=a cat\nwidth=64\nheight=64\nsteps=1\ncfg=1\nseed=7\nout=%s' "$work/$cpu")" > "$work/log" 2>&1 &&
        [ "$(wc -c < "$work/$cpu.0.rgb")" = 12296 ]; then
        echo "ok a picture on $cpu, by the code for: $code"
    else
        fail "on $cpu: $(tail -n 3 "$work/log")"
    fi
done
exit $failed
