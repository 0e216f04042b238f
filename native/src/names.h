#pragma once

namespace sdcpp4j {

// Upstream fills its tables of tensor names when it first needs each, without a lock: two calls that read files at once would
// race. Fills them all, once; to be called ahead of anything that reads a model file.
void fill_name_tables();

}  // namespace sdcpp4j
