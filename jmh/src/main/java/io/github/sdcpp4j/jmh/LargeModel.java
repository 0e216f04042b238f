package io.github.sdcpp4j.jmh;

import io.github.sdcpp4j.testkit.Fixtures;
import java.nio.file.Path;

/** A checkpoint of the exact shapes of SD 1.5, 2.13 GB. */
public final class LargeModel {

    private LargeModel() {}

    /**
     * Prints its path; writes it first if need be, into the folder {@code sdcpp4j.fixtures}.
     *
     * @param args none
     */
    public static void main(String[] args) {
        System.out.println(Fixtures.fullSd1(Path.of(System.getProperty("sdcpp4j.fixtures"))));
    }
}
