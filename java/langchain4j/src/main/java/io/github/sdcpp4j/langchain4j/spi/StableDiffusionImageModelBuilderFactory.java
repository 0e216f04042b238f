package io.github.sdcpp4j.langchain4j.spi;

import io.github.sdcpp4j.langchain4j.StableDiffusionImageModel;
import java.util.function.Supplier;

/**
 * A service by which {@link StableDiffusionImageModel#builder()} gets its builder, as LangChain4j's own models have one: for
 * frameworks that fill in values of their own. Without one the builder has its defaults.
 */
@FunctionalInterface
public interface StableDiffusionImageModelBuilderFactory extends Supplier<StableDiffusionImageModel.Builder> {}
