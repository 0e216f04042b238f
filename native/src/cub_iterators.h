// Included ahead of ggml's top-k.cu, which uses cuda::discard_iterator without its header: newer CUDA toolkits no longer
// bring it along with cub, older ones do not have it.
#pragma once
#if __has_include(<cuda/iterator>)
#include <cuda/iterator>
#endif
