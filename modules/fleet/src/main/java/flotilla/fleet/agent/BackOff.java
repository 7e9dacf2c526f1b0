package flotilla.fleet.agent;

/** How long what failed waits until it is tried again: twice as long each time. */
final class BackOff {
    private static final long FIRST_MILLIS = 250;

    /** Soon enough that whoever made room on a disk sees it work, in milliseconds. */
    private static final long LAST_MILLIS = 15_000;

    private int failures;
    private long until = Long.MIN_VALUE;

    void failed(long now) {
        until = now + Math.min(LAST_MILLIS, FIRST_MILLIS << Math.min(failures, 10));
        failures++;
    }

    void succeeded() {
        failures = 0;
        until = Long.MIN_VALUE;
    }

    /** Whether it still waits; if so the pass comes back to it. */
    boolean holds(Pass pass) {
        boolean waits = pass.now() < until;
        if (waits) {
            pass.wakeAt(until);
        }
        return waits;
    }
}
