package flotilla.fleet.agent;

import flotilla.machine.Init.JobVerb;
import org.jspecify.annotations.Nullable;

/**
 * What is being done to a unit, until its outcome is known.
 *
 * @param order number of the action whose outcome counts; any other is of something that is over
 * @param dueMillis when to see to it if no outcome has come
 * @param tries how often it was asked for
 * @param before what the unit is to count as if it can't be ordered
 * @param seenUp whether the unit has come up since
 */
record Work(
        Kind kind, long order, long dueMillis, int tries, @Nullable Held before, boolean seenUp) {
    /** Between two looks at what came out badly, in milliseconds. */
    private static final long ASK_AGAIN_MILLIS = 2_000;

    /** So often a unit is asked to stop before it is killed. */
    private static final int STOPS_MAX = 3;

    /** How long each may go without a word, in milliseconds. */
    enum Kind {
        WRITE(60_000),
        /** Longer than systemd's own limit for a start, 90 s. */
        START(100_000),
        RESTART(190_000),
        /** Longer than systemd's own limit for a stop, 90 s, after which it kills. */
        STOP(100_000),
        /** A stop after which the unit goes. */
        UNLOAD(100_000),
        DISCARD(60_000);

        private final long patienceMillis;

        Kind(long patienceMillis) {
            this.patienceMillis = patienceMillis;
        }

        JobVerb verb() {
            return switch (this) {
                case START -> JobVerb.START;
                case RESTART -> JobVerb.RESTART;
                case STOP, UNLOAD, WRITE, DISCARD -> JobVerb.STOP;
            };
        }
    }

    static Work begun(Kind kind, long order, long now, @Nullable Held before) {
        return new Work(kind, order, now + kind.patienceMillis, 1, before, false);
    }

    boolean isStop() {
        return kind == Kind.STOP || kind == Kind.UNLOAD;
    }

    boolean isStart() {
        return kind == Kind.START || kind == Kind.RESTART;
    }

    Work up() {
        return new Work(kind, order, dueMillis, tries, before, true);
    }

    Work waitsOn(long now) {
        return new Work(kind, order, now + kind.patienceMillis, tries, before, seenUp);
    }

    Work again(long otherOrder, long now) {
        return new Work(kind, otherOrder, now + kind.patienceMillis, tries + 1, before, seenUp);
    }

    /** Its outcome was no good: seen to in a while. */
    Work failed(long now) {
        return new Work(kind, 0, now + ASK_AGAIN_MILLIS, tries, before, seenUp);
    }

    /** Whether what is to stop is to be killed: it was asked often enough. */
    boolean isAskedInVain() {
        return tries >= STOPS_MAX;
    }
}
