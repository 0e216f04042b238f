#!/bin/sh
# Compiles the cuda preset on a machine without a GPU and without a CUDA toolkit: a check that it builds, not a release.
#
#   compile-cuda.sh [ARCHITECTURES]      default 86-real, such as "80-real;90-real" for more
#
# The compiler and libraries are NVIDIA's own packages from PyPI (0.9 GB, into native/build/cuda-toolkit). Two options
# differ from a build with a full toolkit: no virtual memory management, since the driver's stub library is in no package,
# and one architecture, since each takes half an hour of two cores. With the code for CPUs it is 76 minutes of one core.
set -eu

native=$(cd "$(dirname "$0")" && pwd)
toolkit=$native/build/cuda-toolkit
root=$toolkit/nvidia/cu13

command -v python3 >/dev/null || { echo "compile-cuda.sh: python3 with pip is needed to bring the CUDA compiler" >&2; exit 1; }
if [ ! -x "$root/bin/nvcc" ]; then
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --target "$toolkit" \
        nvidia-cuda-nvcc==13.5.37 nvidia-cuda-crt==13.5.37 nvidia-cuda-runtime==13.5.37 \
        nvidia-cuda-cccl==13.3.5.0.6 nvidia-nvvm==13.5.37 nvidia-cublas==13.10.0.20
    # What the linker and CMake look for, and wheels cannot hold: links without a version, and lib64.
    for library in "$root"/lib/lib*.so.*; do
        ln -sf "$(basename "$library")" "${library%%.so.*}.so"
    done
    ln -sfn lib "$root/lib64"
fi

cd "$native"
CUDACXX=$root/bin/nvcc cmake --preset cuda \
    -DCUDAToolkit_ROOT="$root" -DSDCPP4J_CUDA_ARCHITECTURES="${1:-86-real}" -DGGML_CUDA_NO_VMM=ON
cmake --build build/cuda --target install
ls -l build/cuda/install/lib
# without a driver the module is left out, and this names the CPU alone
build/cuda/install/bin/sdcpp4j-bench devices
