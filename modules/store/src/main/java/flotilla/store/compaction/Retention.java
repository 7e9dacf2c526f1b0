package flotilla.store.compaction;

import java.time.Duration;

/** How much of the keys' history is kept. */
public sealed interface Retention {
    /** What was so for so long; more than nothing. */
    record Time(Duration period) implements Retention {
        public Time {
            if (period.toMillis() <= 0) {
                throw new IllegalArgumentException(
                        "--auto-compaction-retention must be a millisecond at least");
            }
        }

        @Override
        public String toString() {
            return period.toString();
        }
    }

    /** So many revisions; more than none. */
    record Revisions(long count) implements Retention {
        @Override
        public String toString() {
            return count + " revisions";
        }
    }
}
