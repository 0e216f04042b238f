/** Sets up {@link io.github.sdcpp4j.spring.ai.StableDiffusionImageModel} from the properties under {@code spring.ai.sdcpp4j}. */
@NullMarked
package io.github.sdcpp4j.spring.boot;

import org.jspecify.annotations.NullMarked;
