package io.github.sdcpp4j.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** What a flight recording shows of this library's work. JFR adds start, duration and thread to each. */
final class Events {

    private static final String PREFIX = "io.github.sdcpp4j.";
    private static final String CATEGORY = "sdcpp4j";

    private Events() {}

    @Name(PREFIX + "Load")
    @Label("Model Load")
    @Description("Files checked, opened and read")
    @Category(CATEGORY)
    @StackTrace(false)
    static final class Load extends Event {
        @Label("File")
        @Description("The main one of the model's files")
        String file;

        @Label("Size")
        @Description("Of all the model's files")
        @DataAmount
        long size;

        @Label("Done")
        boolean done;
    }

    @Name(PREFIX + "Generate")
    @Label("Generate")
    @Description("One request, from its turn to the pictures")
    @Category(CATEGORY)
    @StackTrace(false)
    static final class Generate extends Event {
        @Label("Model")
        String model;

        @Label("Width")
        int width;

        @Label("Height")
        int height;

        @Label("Steps")
        int steps;

        @Label("Pictures")
        @Description("Asked for; of a video its frames")
        int pictures;

        @Label("Size")
        @Description("Of the pixels that came back; 0 when the request failed or was stopped")
        @DataAmount
        long size;

        @Label("Done")
        boolean done;
    }

    @Name(PREFIX + "ImageEncode")
    @Label("Image Encode")
    @Description("Pictures to latents")
    @Category(CATEGORY)
    @StackTrace(false)
    static final class ImageEncode extends Event {
        @Label("Width")
        int width;

        @Label("Height")
        int height;
    }

    @Name(PREFIX + "TextEncode")
    @Label("Text Encode")
    @Description("Prompts to embeddings")
    @Category(CATEGORY)
    @StackTrace(false)
    static final class TextEncode extends Event {
        @Label("Characters")
        @Description("Of the prompt and the negative prompt")
        int characters;
    }

    @Name(PREFIX + "SamplingStep")
    @Label("Sampling Step")
    @Description("One denoising step; its preview, if there is one, included")
    @Category(CATEGORY)
    @StackTrace(false)
    static final class SamplingStep extends Event {
        @Label("Picture")
        @Description("Index in the batch, from 0")
        int picture;

        @Label("Step")
        @Description("From 1")
        int step;

        @Label("Steps")
        int steps;

        @Label("Width")
        int width;

        @Label("Height")
        int height;
    }

    @Name(PREFIX + "Decode")
    @Label("Decode")
    @Description("Latents to pixels, of all pictures of a request")
    @Category(CATEGORY)
    @StackTrace(false)
    static final class Decode extends Event {
        @Label("Pictures")
        int pictures;

        @Label("Width")
        int width;

        @Label("Height")
        int height;
    }

    @Name(PREFIX + "Upscale")
    @Label("Upscale")
    @Description("One picture made larger by a model")
    @Category(CATEGORY)
    @StackTrace(false)
    static final class Upscale extends Event {
        @Label("Width")
        @Description("Of the picture given")
        int width;

        @Label("Height")
        @Description("Of the picture given")
        int height;

        @Label("Factor")
        @Description("How many times as wide and high the picture becomes in all")
        long factor;

        @Label("Done")
        boolean done;
    }
}
