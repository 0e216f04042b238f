package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Video files, read back by others than who wrote them. */
class VideoFileTest {

    private static final int WIDTH = 24;
    private static final int HEIGHT = 16;

    @TempDir
    private Path folder;

    /** Each frame has one colour: i, 2i, 255 - i times ten. */
    private static Video video(int frames, int framesPerSecond) {
        List<BufferedImage> pictures = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
            int rgb = color(i);
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    picture.setRGB(x, y, rgb);
                }
            }
            pictures.add(picture);
        }
        VideoRequest request = VideoRequest.builder().frames(frames).framesPerSecond(framesPerSecond).seed(1).build();
        Duration none = Duration.ZERO;
        return new Video(pictures, request, "model", new Timings(none, none, none, none, none), List.of(), false);
    }

    private static int color(int frame) {
        return 0xFF000000 | frame * 10 << 16 | frame * 20 << 8 | 255 - frame * 10;
    }

    @Test
    void aGifHasAllFramesWithTheirColoursAndPlaysForEver() throws Exception {
        Path file = folder.resolve("a.gif");
        video(5, 16).save(file);
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        int hundredths = 0;
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            reader.setInput(in);
            assertThat(reader.getNumImages(true)).isEqualTo(5);
            for (int i = 0; i < 5; i++) {
                assertThat(reader.read(i).getRGB(3, 3)).isEqualTo(color(i));
                IIOMetadataNode tree = (IIOMetadataNode) reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
                IIOMetadataNode control = (IIOMetadataNode) tree.getElementsByTagName("GraphicControlExtension").item(0);
                hundredths += Integer.parseInt(control.getAttribute("delayTime"));
                assertThat(tree.getElementsByTagName("ApplicationExtension").getLength()).isEqualTo(i == 0 ? 1 : 0);
            }
        }
        assertThat(hundredths).as("5 frames at 16 a second are 0.3125 s").isEqualTo(31);
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)).startsWith("GIF89a").contains("NETSCAPE2.0");
    }

    @Test
    void anAviHasAHeaderAllFramesAndAnIndexThatFindsThem() throws Exception {
        Path file = folder.resolve("a.AVI");
        video(4, 12).save(file);
        ByteBuffer avi = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(text(avi, 0)).isEqualTo("RIFF");
        assertThat(avi.getInt(4)).isEqualTo(avi.capacity() - 8);
        assertThat(text(avi, 8)).isEqualTo("AVI ");
        int header = find(avi, "avih") + 8;
        assertThat(avi.getInt(header)).as("microseconds a frame").isEqualTo(83_333);
        assertThat(avi.getInt(header + 16)).as("frames").isEqualTo(4);
        assertThat(avi.getInt(header + 32)).isEqualTo(WIDTH);
        assertThat(avi.getInt(header + 36)).isEqualTo(HEIGHT);
        int stream = find(avi, "strh") + 8;
        assertThat(text(avi, stream) + text(avi, stream + 4)).isEqualTo("vidsMJPG");
        assertThat((double) avi.getInt(stream + 24) / avi.getInt(stream + 20)).isEqualTo(12);
        assertThat(avi.getInt(stream + 32)).as("length").isEqualTo(4);
        int movi = find(avi, "movi");
        int index = find(avi, "idx1");
        assertThat(avi.getInt(index + 4)).isEqualTo(4 * 16);
        for (int i = 0; i < 4; i++) {
            int entry = index + 8 + 16 * i;
            int chunk = movi + avi.getInt(entry + 8);
            assertThat(text(avi, chunk)).isEqualTo("00dc");
            int length = avi.getInt(entry + 12);
            assertThat(avi.getInt(chunk + 4)).isEqualTo(length);
            BufferedImage frame = ImageIO.read(new ByteArrayInputStream(avi.array(), chunk + 8, length));
            assertThat(frame.getRGB(5, 5) >> 8 & 0xFF).as("green of frame " + i).isCloseTo(color(i) >> 8 & 0xFF, within(4));
            assertThat(frame.getRGB(5, 5) & 0xFF).as("blue of frame " + i).isCloseTo(color(i) & 0xFF, within(4));
        }
    }

    @Test
    void anotherEndingIsRefusedAndAFailureLeavesNothing() {
        assertThatThrownBy(() -> video(1, 16).save(folder.resolve("a.mp4")))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("a.mp4").hasMessageContaining(".gif or .avi");
        assertThatThrownBy(() -> video(1, 16).save(folder.resolve("missing/a.gif")))
                .isInstanceOf(UncheckedIOException.class).hasMessageContaining("missing");
        assertThat(folder).isEmptyDirectory();
    }

    private static int find(ByteBuffer avi, String id) {
        return new String(avi.array(), StandardCharsets.ISO_8859_1).indexOf(id);
    }

    private static String text(ByteBuffer avi, int at) {
        return new String(avi.array(), at, 4, StandardCharsets.ISO_8859_1);
    }
}
