package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SubmitTest {

    private static final TextToImage REQUEST =
            TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(1).seed(1).build();

    @Test
    void theFutureGivesTheSamePictureAsTheCall() throws Exception {
        GeneratedImage called = Models.shared().generate(REQUEST).getFirst();
        GeneratedImage submitted = Models.shared().submit(REQUEST).get().getFirst();
        assertThat(pixels(submitted)).isEqualTo(pixels(called));
        assertThat(submitted.request()).isEqualTo(called.request());
    }

    @Test
    void requestsAreServedInTheirOrder() {
        List<Long> order = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (long seed = 1; seed <= 4; seed++) {
            long mine = seed;
            all.add(Models.shared().submit(REQUEST.toBuilder().seed(seed).build(), progress -> {
                if (progress.phase() == Phase.ENCODE_TEXT) {
                    order.add(mine);
                }
            }));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        assertThat(order).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void aFullQueueRefusesAndTakesMoreWhenThereIsRoomAgain() throws Exception {
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).queueCapacity(2).load()) {
            CompletableFuture<List<GeneratedImage>> first = sd.submit(REQUEST);
            CompletableFuture<List<GeneratedImage>> second = sd.submit(REQUEST);
            assertThatThrownBy(() -> sd.submit(REQUEST))
                    .isInstanceOf(QueueFullException.class)
                    .hasMessageContaining("2 requests are waiting")
                    .hasMessageContaining("queueCapacity");
            second.cancel(true);
            first.get();
            assertThat(sd.submit(REQUEST).get()).hasSize(1);
        }
    }

    @Test
    void whatHangsOnAFutureMayCallTheModel() throws Exception {
        StableDiffusion sd = Models.shared();
        assertThat(sd.submit(REQUEST).thenApply(first -> sd.generate(REQUEST)).get()).hasSize(1);
    }

    @Test
    void aRequestThatTheModelCannotDoIsRefusedAtOnce() {
        assertThatThrownBy(() -> Models.shared().submit(REQUEST.toBuilder().scheduler(Scheduler.KARRAS).build()))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aFailureCompletesTheFutureWithTheSameException() {
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).memoryLimit(1).load()) {
            assertThatThrownBy(() -> sd.submit(REQUEST).get())
                    .isInstanceOf(ExecutionException.class)
                    .cause().isInstanceOf(InsufficientMemoryException.class);
        }
    }

    @Test
    void aClosedModelTakesNoRequests() {
        StableDiffusion sd = StableDiffusion.load(Models.smallSd1());
        CompletableFuture<List<GeneratedImage>> before = sd.submit(REQUEST);
        sd.close();
        assertThat(before.join()).hasSize(1);
        assertThatThrownBy(() -> sd.submit(REQUEST)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }
}
