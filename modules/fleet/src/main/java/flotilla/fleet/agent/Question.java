package flotilla.fleet.agent;

/** One question that is out at a time, and asked again when nobody answers. */
final class Question {
    /** Until a question that nobody answered is asked again, in milliseconds. */
    private static final long PATIENCE_MILLIS = 60_000;

    private final BackOff backOff = new BackOff();
    private long order;
    private long dueMillis;

    /** Whether it can be asked now. */
    boolean isFree(Pass pass) {
        if (isForgotten(pass)) {
            order = 0;
        }
        if (order != 0) {
            pass.wakeAt(dueMillis);
        }
        return order == 0 && !backOff.holds(pass);
    }

    /** Whether it was asked, and nobody answered in time. */
    boolean isForgotten(Pass pass) {
        return order != 0 && pass.now() >= dueMillis;
    }

    long ask(Pass pass) {
        order = pass.number();
        dueMillis = pass.now() + PATIENCE_MILLIS;
        return order;
    }

    /** False for the answer to another one. */
    boolean answered(long number, boolean well, long now) {
        if (number != order) {
            return false;
        }
        order = 0;
        if (well) {
            backOff.succeeded();
        } else {
            backOff.failed(now);
        }
        return true;
    }
}
