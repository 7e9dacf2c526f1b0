package flotilla.machine.embedded;

import java.time.Duration;

/**
 * How long to wait before looking at /proc or a file again for something nothing tells of: soon at
 * first, and never so rarely that a person would notice.
 */
record PollInterval(Duration length) {
    static final PollInterval FIRST = new PollInterval(Duration.ofMillis(5));

    private static final Duration MAX = Duration.ofMillis(200);

    PollInterval next() {
        Duration twice = length.multipliedBy(2);
        return new PollInterval(twice.compareTo(MAX) > 0 ? MAX : twice);
    }
}
