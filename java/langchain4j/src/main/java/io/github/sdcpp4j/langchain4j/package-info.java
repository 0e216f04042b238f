/**
 * LangChain4j's image model by a Stable Diffusion checkpoint in the JVM's own process. Start at
 * {@link io.github.sdcpp4j.langchain4j.StableDiffusionImageModel}.
 */
package io.github.sdcpp4j.langchain4j;
