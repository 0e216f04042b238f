package io.github.sdcpp4j.testkit;

/**
 * Safety checkers in diffusers' naming: CLIP ViT-L/14's image encoder and the embeddings of concepts with their thresholds. The
 * encoder has a fixed size, so few of its layers are alive; the others pass their input on.
 */
final class SafetyCheckerModel {
    private static final int WIDTH = ClipVisionEncoder.WIDTH;
    private static final int EMBEDDING = 768;
    private static final int CONCEPTS = 17;
    private static final int SPECIAL_CARE = 3;
    private static final int RGB = 3;
    private static final float RED = 0.5f;
    private static final float UNREACHABLE = 2;

    private SafetyCheckerModel() {}

    /** The first and the last layer alive, with random numbers all over; thresholds that some pictures pass and others do not. */
    static void addRandomTo(Scope root) {
        Scope vision = root.in("vision_model.vision_model");
        ClipVisionEncoder.embeddings(vision);
        vision.norm("pre_layrnorm", WIDTH);
        for (int i = 0; i < ClipVisionEncoder.LAYERS; i++) {
            ClipVisionEncoder.layer(vision, i, i == 0 || i == ClipVisionEncoder.LAYERS - 1 ? 1 : 0);
        }
        vision.norm("post_layernorm", WIDTH);
        root.projection("visual_projection", EMBEDDING, WIDTH, 1);
        Values thresholds = root.random("concept_embeds_weights", 0.03, 1);
        concepts(root, "concept_embeds", CONCEPTS, root.random("concept_embeds", 1, 1), index -> thresholds.at(index) + 0.062f);
        Values careThresholds = root.random("special_care_embeds_weights", 0.03, 1);
        concepts(root, "special_care_embeds", SPECIAL_CARE, root.random("special_care_embeds", 1, 1),
                index -> careThresholds.at(index) + 0.093f);
    }

    /**
     * One that flags red pictures. A patch's token is its mean colour; the first layer's attention, which prefers no token, puts the
     * mean of them into the class token; the projection takes the three colours out again. The first concept is red without
     * blue, found from a cosine of 0.5 on, which a pure red reaches with 0.8; all others lie beyond reach.
     *
     * @param root      the names' root
     * @param zeros     where tensors that are all zero go: the same names, perhaps in a smaller type
     */
    static void addRedTo(Scope root, Scope zeros) {
        Scope vision = root.in("vision_model.vision_model");
        Scope embeddings = vision.in("embeddings");
        embeddings.add("class_embedding", Values.ZERO, WIDTH);
        float mean = 1f / (ClipVisionEncoder.PATCH * ClipVisionEncoder.PATCH);
        embeddings.add("patch_embedding.weight", Values.kernel(RGB, ClipVisionEncoder.PATCH, (out, in, y, x) -> out == in ? mean : 0),
                WIDTH, RGB, ClipVisionEncoder.PATCH, ClipVisionEncoder.PATCH);
        embeddings.add("position_embedding.weight", Values.ZERO, ClipVisionEncoder.POSITIONS, WIDTH);
        vision.norm("pre_layrnorm", WIDTH);
        for (int i = 0; i < ClipVisionEncoder.LAYERS; i++) {
            String name = "vision_model.vision_model.encoder.layers." + i;
            layer(root.in(name), zeros.in(name), i == 0);
        }
        vision.norm("post_layernorm", WIDTH);
        root.add("visual_projection.weight", colours(WIDTH), EMBEDDING, WIDTH);
        concepts(root, "concept_embeds", CONCEPTS, index -> index == 0 ? 1 : index == 2 ? -1 : index >= EMBEDDING ? 1 : 0,
                index -> index == 0 ? RED : UNREACHABLE);
        concepts(root, "special_care_embeds", SPECIAL_CARE, Values.constant(1), Values.constant(UNREACHABLE));
    }

    /** A layer that passes its input on, or adds to each token the mean of all tokens' colours. */
    private static void layer(Scope layer, Scope zeros, boolean addsColours) {
        layer.norm("layer_norm1", WIDTH);
        layer.norm("layer_norm2", WIDTH);
        for (String name : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
            boolean colours = addsColours && (name.equals("v_proj") || name.equals("out_proj"));
            linear(colours ? layer : zeros, layer, "self_attn." + name, WIDTH, WIDTH, colours ? colours(WIDTH) : Values.ZERO);
        }
        linear(zeros, layer, "mlp.fc1", 4 * WIDTH, WIDTH, Values.ZERO);
        linear(zeros, layer, "mlp.fc2", WIDTH, 4 * WIDTH, Values.ZERO);
    }

    private static void linear(Scope weights, Scope biases, String name, int out, int in, Values values) {
        weights.add(name + ".weight", values, out, in);
        biases.add(name + ".bias", Values.ZERO, out);
    }

    /** A matrix that keeps the first three numbers. */
    private static Values colours(int in) {
        return index -> index / in == index % in && index % in < RGB ? 1 : 0;
    }

    private static void concepts(Scope root, String name, int count, Values embeddings, Values thresholds) {
        root.add(name, embeddings, count, EMBEDDING);
        root.add(name + "_weights", thresholds, count);
    }
}
