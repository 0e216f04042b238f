package io.github.sdcpp4j;

import io.github.sdcpp4j.PictureCheck.Verdict;
import io.github.sdcpp4j.internal.images.RgbImages;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where pictures pass the application's check, if there is one, on their way to the application. */
record PictureGate(Optional<PictureCheck> check) {

    /** What can be known of a picture only by looking at it comes too late for previews. */
    void admit(Previews previews) {
        Check.that(check.isEmpty() || previews.mode() == PreviewMode.NONE,
                "previews are asked for, and this model was loaded with a picture check, which would not see them: ask for none,"
                        + " or load the model without the check (--safety-checker)");
    }

    /** Has a picture judged; without a check it passes. */
    Verdict judge(BufferedImage picture) {
        if (check.isEmpty()) {
            return Verdict.pass(picture);
        }
        Verdict verdict;
        try {
            verdict = check.get().check(picture);
        } catch (StableDiffusionException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new PictureCheckException("the picture check failed, so no picture is returned: " + e, e);
        }
        if (verdict == null) {
            throw new PictureCheckException("the picture check returned null, so no picture is returned: let it return a verdict");
        }
        BufferedImage given = verdict.picture();
        if (given.getWidth() != picture.getWidth() || given.getHeight() != picture.getHeight()) {
            throw new PictureCheckException("the picture check put a picture of %dx%d in the place of one of %dx%d: let it keep the size"
                    .formatted(given.getWidth(), given.getHeight(), picture.getWidth(), picture.getHeight()));
        }
        return new Verdict(RgbImages.of(given), verdict.nsfwContentDetected());
    }

    /** The notes of a call, with one of this picture or these frames where they were flagged. */
    static List<String> notes(List<String> notes, List<BufferedImage> made, List<Verdict> verdicts) {
        long flagged = verdicts.stream().filter(Verdict::nsfwContentDetected).count();
        if (flagged == 0) {
            return notes;
        }
        boolean replaced = false;
        for (int i = 0; i < made.size(); i++) {
            replaced |= verdicts.get(i).nsfwContentDetected() && verdicts.get(i).picture() != made.get(i);
        }
        List<String> all = new ArrayList<>(notes);
        all.add("the picture check found %s not safe for work%s".formatted(
                made.size() == 1 ? "a picture" : "%d of %d frames".formatted(flagged, made.size()),
                replaced ? ", and replaced " + (flagged == 1 ? "it" : "them") : ""));
        return all;
    }
}
