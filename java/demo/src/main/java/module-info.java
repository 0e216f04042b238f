/** The demo checkpoint of sdcpp4j: {@code StableDiffusion.demo()} finds it. */
module io.github.sdcpp4j.demo {
    requires io.github.sdcpp4j;

    provides io.github.sdcpp4j.spi.DemoCheckpoint with io.github.sdcpp4j.demo.PackedCheckpoint;
}
