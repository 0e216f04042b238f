package io.github.sdcpp4j.jmh.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresTest {

    @TempDir
    private Path folder;

    @Test
    void theMedianIsToldWithTheBoundsThatTheBinomialDistributionGives() {
        List<Double> ten = Stream.iterate(1.0, x -> x + 1).limit(10).toList();
        assertThat(Median.of(ten)).isEqualTo(new Median(5.5, 2, 9)); // 97.9 %, and the next narrower 89 %
        List<Double> five = List.of(3.0, 1.0, 2.0, 5.0, 4.0);
        assertThat(Median.of(five)).isEqualTo(new Median(3, 1, 5)); // too few for 95 %
    }

    @Test
    void numbersHaveThreeDigitsAndAUnit() {
        assertThat(Units.time(2.934)).isEqualTo("2.93 ns");
        assertThat(Units.time(56_200.0)).isEqualTo("56.2 us");
        assertThat(Units.time(1.19e10)).isEqualTo("11.9 s");
        assertThat(Units.bytes(-2.5e6)).isEqualTo("-2.50 MB");
    }

    @Test
    void aTableComparesTheMediansOfBothSidesAndTheChartShowsThem() throws IOException {
        Path c = Files.writeString(folder.resolve("c.jsonl"),
                "{\"name\": \"call\", \"unit\": \"ns/op\", \"score\": 2.000, \"samples\": [2.0]}\n");
        Path java = Files.writeString(folder.resolve("java.json"), """
                [ { "jmhVersion" : "1.37", "benchmark" : "io.github.sdcpp4j.jmh.CallBenchmark.call",
                "primaryMetric" : { "scorePercentiles" : { "0.0" : 3.0, "50.0" : 5.0 } } } ]""");
        Table.main(new String[] {"--results", folder.toString(), "--c", c.toString(), "--java", java.toString()});
        assertThat(folder.resolve("pieces.md")).content().contains("| empty call | 2.00 ns | 5.00 ns | 2.50 |");

        Path chart = folder.resolve("figures.svg");
        Chart.main(new String[] {"--results", folder.toString(), "--out", chart.toString()});
        assertThat(chart).content().contains("empty call", ">2.50<").endsWith("</svg>\n");
    }

    @Test
    void garbageByStepIsTheDifferenceOfTwoPictures() throws IOException {
        String benchmark = """
                { "jmhVersion" : "1.37", "params" : { "hears" : "%s", "steps" : "%d" },
                "secondaryMetrics" : { "gc.alloc.rate.norm" : { "score" : 7.0, "scorePercentiles" : {
                "0.0" : 1.0, "50.0" : %s } } } }""";
        Path java = Files.writeString(folder.resolve("java.json"), String.join(",", benchmark.formatted("nobody", 4, "20000.0"),
                benchmark.formatted("nobody", 12, "20000.0"), benchmark.formatted("listener", 4, "21000.0"),
                benchmark.formatted("listener", 12, "21800.0")));
        Garbage.main(new String[] {"--results", folder.toString(), "--java", java.toString()});
        assertThat(folder.resolve("garbage.md")).content()
                .contains("| nobody listens | 20.0 KB | 20.0 KB | 0.00 B |", "| a progress listener | 21.0 KB | 21.8 KB | 100 B |");
    }

    @Test
    void aTableGoesBetweenItsMarksAndNothingElseChanges() {
        String text = "a\n<!-- pieces -->\nold\n<!-- /pieces -->\nb\n<!-- pairs -->\n<!-- /pairs -->\n";
        assertThat(Readme.replaced(text, "pieces", "new"))
                .isEqualTo("a\n<!-- pieces -->\n\nnew\n\n<!-- /pieces -->\nb\n<!-- pairs -->\n<!-- /pairs -->\n");
        assertThatThrownBy(() -> Readme.replaced(text, "settings", "new")).hasMessageContaining("<!-- settings -->");
    }
}
