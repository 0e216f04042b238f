/**
 * What stands between the public types and the generated bindings: queue, marshalling, one guarded call, results.
 *
 * <p>A request's way: {@link io.github.sdcpp4j.internal.Session} queues it, {@link io.github.sdcpp4j.internal.Context} resolves what its
 * prompt names and checks the memory, {@link io.github.sdcpp4j.internal.Marshal} writes it into an arena, a {@code NativeCall}
 * makes the downcall and looks at its status, and {@code Upcalls} brings progress and previews up. The model may run in another process:
 * {@link io.github.sdcpp4j.internal.Engine} is what both have in common.
 */
package io.github.sdcpp4j.internal;
