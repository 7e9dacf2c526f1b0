package flotilla.sim.check;

import org.jspecify.annotations.Nullable;

/**
 * Something that a client asked for, and what it saw.
 *
 * @param answer null when none came: it took effect at any time after the call, or never will
 * @param called when; operations are ordered by these two alone, whatever their unit
 * @param returned when; {@link #NEVER} when no answer came. With an answer all the same, it is
 *     known from elsewhere, a log, that it took effect, and what came of it, but not when
 */
public record Operation<I, O>(I request, @Nullable O answer, long called, long returned) {
    /** Later than everything. */
    public static final long NEVER = Long.MAX_VALUE;

    public Operation {
        if (returned < called || (answer == null && returned != NEVER)) {
            throw new IllegalArgumentException(
                    "an operation called at %d can't return %s at %d"
                            .formatted(called, answer, returned));
        }
    }

    /** One whose fate nobody knows. */
    public static <I, O> Operation<I, O> unknown(I request, long called) {
        return new Operation<>(request, null, called, NEVER);
    }

    boolean isUnknown() {
        return answer == null;
    }

    @Override
    public String toString() {
        return "[%d, %s] %s -> %s"
                .formatted(
                        called,
                        returned == NEVER ? ".." : String.valueOf(returned),
                        request,
                        isUnknown() ? "unknown" : answer);
    }
}
