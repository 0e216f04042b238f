package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.Prediction;
import io.github.sdcpp4j.Rng;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.WeightType;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An option's value out of a list of names: reads it, lists the names in the help and for shells that complete. */
abstract class Choice<T> implements ITypeConverter<T>, Iterable<String> {

    private final Function<String, Optional<T>> find;
    private final List<String> names;

    private Choice(Stream<T> values, Function<T, String> name, Function<String, Optional<T>> find) {
        this.find = find;
        this.names = values.map(name).toList();
    }

    @Override
    public T convert(String value) {
        return find.apply(value).orElseThrow(() -> new TypeConversionException(
                "'%s' is none of %s".formatted(value, String.join(", ", names))));
    }

    @Override
    public Iterator<String> iterator() {
        return names.iterator();
    }

    static final class OfSampler extends Choice<Sampler> {
        OfSampler() {
            super(Arrays.stream(Sampler.values()), Sampler::flag, Sampler::find);
        }
    }

    static final class OfScheduler extends Choice<Scheduler> {
        OfScheduler() {
            super(Arrays.stream(Scheduler.values()), Scheduler::flag, Scheduler::find);
        }
    }

    static final class OfRng extends Choice<Rng> {
        OfRng() {
            super(Arrays.stream(Rng.values()), Rng::flag, Rng::find);
        }
    }

    static final class OfPrediction extends Choice<Prediction> {
        OfPrediction() {
            super(Arrays.stream(Prediction.values()), Prediction::flag, Prediction::find);
        }
    }

    static final class OfWeightType extends Choice<WeightType> {
        OfWeightType() {
            super(
                    Arrays.stream(WeightType.values()).filter(WeightType::isLoadable),
                    WeightType::flag,
                    name -> WeightType.find(name).filter(WeightType::isLoadable));
        }
    }
}
