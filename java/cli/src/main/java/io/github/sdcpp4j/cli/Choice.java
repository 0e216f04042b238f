package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.LoraApplyMode;
import io.github.sdcpp4j.Prediction;
import io.github.sdcpp4j.PreviewMode;
import io.github.sdcpp4j.Rng;
import io.github.sdcpp4j.RuntimeValue;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.StepCache;
import io.github.sdcpp4j.WeightType;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An option's value out of a list of names: reads it, lists the names in the help and for shells that complete. */
abstract class Choice<T extends RuntimeValue> implements ITypeConverter<T>, Iterable<String> {

    private final T[] values;
    private final List<String> names;

    private Choice(T[] values) {
        this.values = values;
        this.names = Stream.of(values).map(RuntimeValue::flag).toList();
    }

    @Override
    public T convert(String value) {
        return RuntimeValue.find(values, value).orElseThrow(() -> new TypeConversionException(
                "'%s' is none of %s".formatted(value, String.join(", ", names))));
    }

    @Override
    public Iterator<String> iterator() {
        return names.iterator();
    }

    static final class OfSampler extends Choice<Sampler> {
        OfSampler() {
            super(Sampler.values());
        }
    }

    static final class OfScheduler extends Choice<Scheduler> {
        OfScheduler() {
            super(Scheduler.values());
        }
    }

    static final class OfCacheMode extends Choice<StepCache.Mode> {
        OfCacheMode() {
            super(StepCache.Mode.values());
        }
    }

    static final class OfLoraApplyMode extends Choice<LoraApplyMode> {
        OfLoraApplyMode() {
            super(LoraApplyMode.values());
        }
    }

    static final class OfRng extends Choice<Rng> {
        OfRng() {
            super(Rng.values());
        }
    }

    static final class OfPrediction extends Choice<Prediction> {
        OfPrediction() {
            super(Prediction.values());
        }
    }

    static final class OfPreviewMode extends Choice<PreviewMode> {
        OfPreviewMode() {
            super(PreviewMode.values());
        }
    }

    static final class OfWeightType extends Choice<WeightType> {
        OfWeightType() {
            super(Stream.of(WeightType.values()).filter(WeightType::isLoadable).toArray(WeightType[]::new));
        }
    }
}
