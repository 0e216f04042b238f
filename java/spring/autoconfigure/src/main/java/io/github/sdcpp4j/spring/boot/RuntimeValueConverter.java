package io.github.sdcpp4j.spring.boot;

import io.github.sdcpp4j.RuntimeValue;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.WeightType;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.GenericConverter;

/**
 * Reads samplers, schedulers and weight types by the names that the command line and web UIs have for them ({@code dpm++2m},
 * {@code DPM++ 2M}), and by those of the enums, which IDEs complete.
 */
final class RuntimeValueConverter implements GenericConverter {

    @Override
    public Set<ConvertiblePair> getConvertibleTypes() {
        return Set.of(
                new ConvertiblePair(String.class, Sampler.class),
                new ConvertiblePair(String.class, Scheduler.class),
                new ConvertiblePair(String.class, WeightType.class));
    }

    @Override
    public @Nullable Object convert(@Nullable Object source, TypeDescriptor sourceType, TypeDescriptor targetType) {
        if (source == null || source.toString().isBlank()) {
            return null;
        }
        String name = source.toString().strip();
        RuntimeValue[] values = (RuntimeValue[]) targetType.getType().getEnumConstants();
        return RuntimeValue.find(values, name)
                .or(() -> Stream.of(values).filter(value -> ((Enum<?>) value).name().equalsIgnoreCase(name.replace('-', '_'))).findFirst())
                .orElseThrow(() -> new IllegalArgumentException("there is no %s '%s': use one of %s".formatted(
                        targetType.getType().getSimpleName().toLowerCase(Locale.ROOT), name,
                        Stream.of(values).map(RuntimeValue::flag).collect(Collectors.joining(", ")))));
    }
}
