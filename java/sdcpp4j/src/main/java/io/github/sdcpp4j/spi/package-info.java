/** What an artifact beside the library may provide. */
package io.github.sdcpp4j.spi;
