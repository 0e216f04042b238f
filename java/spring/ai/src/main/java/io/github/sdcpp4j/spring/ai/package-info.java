/**
 * Spring AI's image model by a Stable Diffusion checkpoint in the JVM's own process. Start at
 * {@link io.github.sdcpp4j.spring.ai.StableDiffusionImageModel}.
 */
@NullMarked
package io.github.sdcpp4j.spring.ai;

import org.jspecify.annotations.NullMarked;
