package io.github.sdcpp4j.spark;

import static io.github.sdcpp4j.spark.RowRequestTest.values;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RowKeyTest {

    @Test
    void takesTheSeedOfTheIdAloneWhereThereIsOne() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest("17".getBytes(StandardCharsets.UTF_8));
        long seed = Long.parseLong(HexFormat.of().formatHex(digest, 0, 4), 16);

        assertThat(RowRequest.seed(values("id bigint, prompt string", 17L, "a cat"))).isEqualTo(seed);
        assertThat(RowRequest.seed(values("prompt string, ID string", "a dog", "17"))).isEqualTo(seed);
    }

    @Test
    void takesTheSeedOfAllThatIsAskedForWhereThereIsNoId() {
        long seed = RowRequest.seed(values("prompt string, steps int, guidance float", "a cat", 7, 1.5f));

        // other types, other order, other columns that say nothing of the picture: the same
        assertThat(RowRequest.seed(values("owner string, cfg_scale string, steps double, prompt string", "me", "1.50", 7.0, "a cat")))
                .isEqualTo(seed);
        assertThat(RowRequest.seed(values("prompt string, steps int, guidance float, id string", "a cat", 7, 1.5f, null))).isEqualTo(seed);
        // another request
        assertThat(RowRequest.seed(values("prompt string, steps int, guidance float", "a cat", 8, 1.5f))).isNotEqualTo(seed);
        assertThat(RowRequest.seed(values("prompt string, steps int, guidance float", "a cat", null, 1.5f))).isNotEqualTo(seed);
        assertThat(RowRequest.seed(values("prompt string, steps int, guidance float", "a dog", 7, 1.5f))).isNotEqualTo(seed);
    }

    @Test
    void takesTheSeedThatTheRowNames() {
        assertThat(RowRequest.seed(values("id int, prompt string, seed int", 17, "a cat", 5))).isEqualTo(5);
    }

    /** These values are a promise: with others, batches that were begun would be made anew. */
    @Test
    void staysTheSameFromVersionToVersion() {
        RowValues row = values("prompt string, steps int", "a cat", 7);

        assertThat(RowKey.of(values("id int, prompt string", 17, "a cat"))).isEqualTo("17");
        assertThat(RowKey.of(row)).isEqualTo("906f74073e8d0832ea49c2b30bb2b56c");
        assertThat(RowRequest.seed(row)).isEqualTo(0x906f7407L);
    }

    @Test
    void namesFilesByKeysThatAreNamesAndByDigestsOfOthers() {
        assertThat(PngFolder.fileName("cat-17")).isEqualTo("cat-17.png");
        assertThat(PngFolder.fileName("../cat")).matches("[0-9a-f]{32}\\.png");
        assertThat(PngFolder.fileName("_cat")).matches("[0-9a-f]{32}\\.png");
    }
}
