package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.internal.images.PngFile;
import java.awt.image.BufferedImage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesTest {

    private static byte[] png() throws Exception {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        image.setRGB(2, 1, 0x123456);
        return PngFile.bytes(image, Optional.empty());
    }

    private static void assertIsThePicture(BufferedImage read) {
        assertThat(read.getWidth()).isEqualTo(3);
        assertThat(read.getHeight()).isEqualTo(2);
        assertThat(read.getRGB(2, 1) & 0xFFFFFF).isEqualTo(0x123456);
    }

    @Test
    void aPictureComesFromBytesBase64AndFileAndDataAddresses(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("a picture.png"), png());
        assertIsThePicture(Images.read(file));
        assertIsThePicture(Images.read(file.toUri()));
        assertIsThePicture(Images.decode(png()));
        assertIsThePicture(Images.decode(Base64.getEncoder().encodeToString(png())));
        assertIsThePicture(Images.decode(Base64.getMimeEncoder(20, new byte[] {'\n'}).encodeToString(png())));
        assertIsThePicture(Images.read(URI.create("data:image/png;base64," + Base64.getEncoder().encodeToString(png()))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:9/cat.png", "https://example.org/cat.png", "ftp://example.org/cat.png", "cat.png"})
    void nothingIsFetched(String address) {
        assertThatThrownBy(() -> Images.read(URI.create(address)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(address)
                .hasMessageContaining("not fetched");
    }

    @Test
    void whatIsNoPictureIsRefused() throws Exception {
        assertThatThrownBy(() -> Images.decode(new byte[5])).isInstanceOf(InvalidRequestException.class).hasMessageContaining("5 bytes");
        byte[] cut = Arrays.copyOf(png(), 45);
        assertThatThrownBy(() -> Images.decode(cut)).isInstanceOf(InvalidRequestException.class).hasMessageContaining("damaged");
        assertThatThrownBy(() -> Images.decode("abcde")).isInstanceOf(InvalidRequestException.class).hasMessageContaining("Base64");
        assertThatThrownBy(() -> Images.read(URI.create("data:image/png,abc"))).hasMessageContaining("not Base64");
        assertThatThrownBy(() -> Images.read(URI.create("file://host/cat.png"))).isInstanceOf(InvalidRequestException.class);
    }
}
