package io.github.sdcpp4j.spring.boot;

import io.github.sdcpp4j.StableDiffusion;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up while the model is open, with its name and family. */
final class StableDiffusionHealthIndicator extends AbstractHealthIndicator {

    private final StableDiffusion sd;

    StableDiffusionHealthIndicator(StableDiffusion sd) {
        super("the Stable Diffusion model cannot be asked");
        this.sd = sd;
    }

    /** What a closed model throws makes it down. */
    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up().withDetail("model", sd.model()).withDetail("family", sd.family());
    }
}
