package io.github.sdcpp4j.testkit;

/** CLIP ViT-L/14's image encoder, whose size is fixed; named as by the transformers library. */
final class ClipVisionEncoder {
    static final int WIDTH = 1024;
    static final int LAYERS = 24;
    static final int PATCH = 14;
    static final int POSITIONS = 257;
    private static final ClipTextEncoder TRANSFORMER = new ClipTextEncoder(WIDTH, LAYERS, LAYERS - 1);

    private ClipVisionEncoder() {}

    /** The tables that turn a picture into tokens, with random numbers. */
    static void embeddings(Scope vision) {
        Scope embeddings = vision.in("embeddings");
        embeddings.add("class_embedding", embeddings.random("class_embedding", 1, 1), WIDTH);
        String patches = "patch_embedding.weight";
        embeddings.add(patches, embeddings.random(patches, 1, 3L * PATCH * PATCH), WIDTH, 3, PATCH, PATCH);
        embeddings.add("position_embedding.weight", embeddings.random("position_embedding.weight", 0.25, 1), POSITIONS, WIDTH);
    }

    /** One layer with random weights; with a gain of 0 it passes its input on. */
    static void layer(Scope vision, int index, double gain) {
        TRANSFORMER.layer(vision.in("encoder.layers." + index), gain);
    }
}
