package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.HighNoise;
import io.github.sdcpp4j.Images;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.VideoRequest;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What videos have and pictures have not. */
final class VideoOptions implements HelpSection.Member {

    @Option(names = "--video-frames", paramLabel = "N",
            description = "Frames; Wan makes 4n+1 and LTX 8n+1, other numbers are rounded down to that. Default: 33.")
    private Integer frames;

    @Option(names = "--fps", paramLabel = "N", description = "Frames a second. Default: 16.")
    private Integer framesPerSecond;

    @Option(names = {"-i", "--init-img"}, paramLabel = "FILE",
            description = "The first frame, for models made for that; a reference for those with VACE.")
    private Path firstFrame;

    @Option(names = "--end-img", paramLabel = "FILE", description = "The last frame, for models made for that.")
    private Path lastFrame;

    @Option(names = "--control-video", paramLabel = "FOLDER",
            description = "Pictures in the order of their names, one for each frame, which models with VACE follow.")
    private Path controlVideo;

    @Option(names = "--vace-strength", paramLabel = "X", description = "How closely the control video is followed. Default: 1.")
    private Double controlStrength;

    @Option(names = "--high-noise-steps", paramLabel = "N",
            description = "Steps of the --high-noise-diffusion-model, ahead of --steps. By default both share --steps.")
    private Integer highNoiseSteps;

    @Option(names = "--moe-boundary", paramLabel = "X",
            description = "The noise level, 0 to 1, below which the other diffusion model takes over. Default: 0.875.")
    private Double boundary;

    @Option(names = "--high-noise-cfg-scale", paramLabel = "X",
            description = "Guidance of the noisy steps. Default: that of --cfg-scale.")
    private Double highNoiseGuidance;

    @Option(names = "--high-noise-sampling-method", paramLabel = "SAMPLER", converter = Choice.OfSampler.class,
            completionCandidates = Choice.OfSampler.class,
            description = "The sampler of the noisy steps. Default: that of --sampling-method.")
    private Sampler highNoiseSampler;

    /** Sets what is given, and reads the pictures. */
    VideoRequest.Builder apply(VideoRequest.Builder builder) {
        if (frames != null) {
            builder.frames(frames);
        }
        if (framesPerSecond != null) {
            builder.framesPerSecond(framesPerSecond);
        }
        if (firstFrame != null) {
            builder.firstFrame(Images.read(firstFrame));
        }
        if (lastFrame != null) {
            builder.lastFrame(Images.read(lastFrame));
        }
        if (controlVideo != null) {
            builder.controlFrames(PictureFolder.read(controlVideo, "--control-video"));
        }
        if (controlStrength != null) {
            builder.controlStrength(controlStrength);
        }
        return builder.highNoise(highNoise());
    }

    private HighNoise highNoise() {
        HighNoise highNoise = HighNoise.DEFAULT;
        if (highNoiseSteps != null) {
            highNoise = highNoise.withSteps(highNoiseSteps);
        }
        if (boundary != null) {
            highNoise = highNoise.withBoundary(boundary);
        }
        if (highNoiseGuidance != null) {
            highNoise = highNoise.withGuidanceScale(highNoiseGuidance);
        }
        return highNoiseSampler == null ? highNoise : highNoise.withSampler(highNoiseSampler);
    }

    @Override
    public HelpSection section() {
        return HelpSection.VIDEO;
    }
}
