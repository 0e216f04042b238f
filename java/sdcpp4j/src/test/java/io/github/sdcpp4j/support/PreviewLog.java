package io.github.sdcpp4j.support;

import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.Preview;
import io.github.sdcpp4j.PreviewMode;
import io.github.sdcpp4j.Previews;
import io.github.sdcpp4j.Progress;
import io.github.sdcpp4j.ProgressListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Keeps all previews of a call. As its listener too it holds sampling up until the preview of a step is here, so that none is
 * missed on a machine that is busy; that works in process only.
 */
public final class PreviewLog implements ProgressListener {

    private final List<Preview> all = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore arrived = new Semaphore(0);
    private final Previews previews;

    public PreviewLog(PreviewMode mode, int interval) {
        previews = Previews.of(mode, preview -> {
            all.add(preview);
            arrived.release();
        }).withInterval(interval);
    }

    public Previews previews() {
        return previews;
    }

    public List<Preview> all() {
        return List.copyOf(all);
    }

    public List<Integer> steps() {
        return all().stream().map(Preview::step).toList();
    }

    @Override
    public void onProgress(Progress progress) {
        boolean due = progress.step() % previews.interval() == 0 || progress.step() == progress.steps();
        if (progress.phase() != Phase.SAMPLE || progress.step() == 0 || !due) {
            return;
        }
        try {
            if (!arrived.tryAcquire(30, TimeUnit.SECONDS)) {
                throw new AssertionError("no preview came of step " + progress.step());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
