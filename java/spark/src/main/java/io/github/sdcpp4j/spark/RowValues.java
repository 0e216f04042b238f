package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.Images;
import io.github.sdcpp4j.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/**
 * What one row says of its picture: nothing of what is null.
 *
 * @param values text, numbers and bytes as the row has them
 */
record RowValues(Map<RequestColumn, Object> values) {

    Optional<String> text(RequestColumn column) {
        return Optional.ofNullable(values.get(column)).map(Object::toString);
    }

    Optional<Double> real(RequestColumn column) {
        return number(column, "a number").map(BigDecimal::doubleValue);
    }

    Optional<Long> whole(RequestColumn column) {
        return number(column, "a whole number").map(value -> {
            try {
                return value.longValueExact();
            } catch (ArithmeticException e) {
                throw wrong(column, "a whole number", e);
            }
        });
    }

    /** A whole number of usual size; the ranges of the settings are far below. */
    Optional<Integer> small(RequestColumn column) {
        return whole(column).map(value -> {
            try {
                return Math.toIntExact(value);
            } catch (ArithmeticException e) {
                throw wrong(column, "a smaller number", e);
            }
        });
    }

    Optional<BufferedImage> picture(RequestColumn column) {
        return Optional.ofNullable(values.get(column)).map(value -> {
            try {
                return value instanceof byte[] bytes ? Images.decode(bytes) : Images.decode(value.toString());
            } catch (InvalidRequestException e) {
                throw new InvalidRequestException("%s: %s".formatted(column.title(), e.getMessage()), e);
            }
        });
    }

    private Optional<BigDecimal> number(RequestColumn column, String wanted) {
        return text(column).map(text -> {
            try {
                return new BigDecimal(text.strip());
            } catch (NumberFormatException e) {
                throw wrong(column, wanted, e);
            }
        });
    }

    private InvalidRequestException wrong(RequestColumn column, String wanted, RuntimeException cause) {
        return new InvalidRequestException("%s is '%s': give %s".formatted(column.title(), values.get(column), wanted), cause);
    }
}
