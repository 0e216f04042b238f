package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.PhotoMaker;
import io.github.sdcpp4j.PromptTokens;
import io.github.sdcpp4j.PromptTokens.Token;
import io.github.sdcpp4j.internal.checkpoint.PhotoMakerRules;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What the runtime asks of a request with a person. It ends in an assertion where the prompt has no trigger word or the model is
 * another than SDXL, and puts the person onto the wrong token, or onto none, without a word, where the trigger word stands
 * somewhere else (tokenize_photomaker_trigger in photomaker_extension.cpp).
 */
final class PhotoMakerRequest {

    /** Above these ids are the vectors of embeddings, which the runtime does not find when it turns tokens back into text. */
    private static final int VOCABULARY = 49408;

    private static final String EXAMPLE = "write the class word, then %1$s, as in 'a man %1$s, in a spacesuit'".formatted(PhotoMaker.TRIGGER_WORD);

    private PhotoMakerRequest() {}

    /**
     * Checks a request with a person.
     *
     * @param request what to make; its prompt is the runtime's
     * @param family the model's
     * @param tokens reads a prompt as the model does
     * @throws InvalidRequestException when the model or the request cannot show a person
     */
    static void check(GenerationRequest request, String family, Function<String, PromptTokens> tokens) {
        GenerationSettings settings = request.settings();
        PhotoMaker person = settings.photoMaker().orElseThrow();
        if (!PhotoMakerRules.isSdxl(family)) {
            throw new InvalidRequestException("PhotoMaker works with SDXL only, and the model is %s: load an SDXL model, or leave"
                    .formatted(family) + " PhotoMaker out");
        }
        checkPrompt(tokens.apply(settings.prompt()).chunks(), tokens.apply(PhotoMaker.TRIGGER_WORD).chunks().getFirst().getFirst().id(),
                person.idImages().size());
        checkSteps(request, person);
    }

    private static void checkPrompt(List<List<Token>> chunks, int trigger, int images) {
        long count = chunks.stream().flatMap(List::stream).filter(token -> token.id() == trigger).count();
        if (count != 1) {
            throw new InvalidRequestException("the prompt has PhotoMaker's trigger word '%s' %s, and it must have it once: %s"
                    .formatted(PhotoMaker.TRIGGER_WORD, count == 0 ? "nowhere" : count + " times", EXAMPLE));
        }
        for (Token token : chunks.stream().flatMap(List::stream).toList()) {
            if (token.id() >= VOCABULARY) {
                throw new InvalidRequestException("the prompt names the embedding '%s', and embeddings do not work together with"
                        .formatted(token.text()) + " PhotoMaker: leave one of them out");
            }
        }
        List<Token> first = chunks.getFirst();
        int at = IntStream.range(0, first.size()).filter(i -> first.get(i).id() == trigger).findFirst().orElse(PromptTokens.CHUNK + 1);
        if (at == 0 || at < first.size() && first.get(at - 1).text().codePoints().noneMatch(Character::isLetter)) {
            throw new InvalidRequestException("PhotoMaker's trigger word '%s' does not follow a word: %s"
                    .formatted(PhotoMaker.TRIGGER_WORD, EXAMPLE));
        }
        if (at - 1 + images > PromptTokens.CHUNK) {
            throw new InvalidRequestException(("the class word before PhotoMaker's trigger word '%s' takes a token for each of the %d ID"
                    + " images, and does not end within the prompt's first %d tokens: name the person nearer to the beginning")
                    .formatted(PhotoMaker.TRIGGER_WORD, images, PromptTokens.CHUNK));
        }
    }

    private static void checkSteps(GenerationRequest request, PhotoMaker person) {
        GenerationSettings settings = request.settings();
        int planned = settings.extras().sigmas().isEmpty() ? settings.steps() : settings.extras().sigmas().size() - 1;
        int run = request instanceof ImageToImage from ? Math.min(planned, (int) (planned * (float) from.strength()) + 1) : planned;
        int before = (int) ((float) person.styleStrength() / 100f * planned);
        if (before >= run) {
            throw new InvalidRequestException(("style strength is %s: that is %d steps before the person is seen, and only %d are run:"
                    + " give a lower one").formatted(person.styleStrength(), before, run));
        }
    }
}
