// Empty on purpose: cargo wants a target, the build wants only the vendored sources.
