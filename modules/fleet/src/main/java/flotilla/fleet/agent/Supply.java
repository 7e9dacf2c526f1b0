package flotilla.fleet.agent;

import flotilla.fleet.job.Health;
import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.PublishedState;
import flotilla.fleet.schedule.ImageWishes;

/**
 * The images that a unit needs: before each start that is ordered the machine is asked to have
 * them, again after a failure, until it has.
 */
final class Supply {
    /** Longer than any silence of a machine or an engine that is asked for an image. */
    private static final long PATIENCE_MILLIS = 900_000;

    private final String unit;
    private final BackOff backOff = new BackOff();
    private long order;
    private long dueMillis;
    private boolean here;
    private String words = "";

    Supply(String unit) {
        this.unit = unit;
    }

    /** Whether the unit may be started now; once, as an image's name may be another's next time. */
    boolean isIn(ImageWishes wishes, Pass pass) {
        if (wishes.isEmpty() || here) {
            here = false;
            return true;
        }
        if (order != 0 && pass.now() >= dueMillis) {
            failed("nobody knows what became of its images", pass);
        }
        if (order == 0 && !backOff.holds(pass)) {
            order = pass.number();
            dueMillis = pass.now() + PATIENCE_MILLIS;
            pass.add(new Action.Fetch(order, unit, wishes));
        }
        if (order != 0) {
            pass.wakeAt(dueMillis);
        }
        return false;
    }

    boolean isUnderWay() {
        return order != 0;
    }

    void fetching(long of, String next) {
        if (of == order) {
            words = next;
        }
    }

    void fetched(Event.Fetched outcome, Pass pass) {
        if (outcome.order() != order || order == 0) {
            return;
        }
        if (outcome.problem().isEmpty()) {
            forget();
            here = true;
        } else {
            failed(outcome.problem(), pass);
        }
    }

    private void failed(String problem, Pass pass) {
        order = 0;
        words = problem;
        backOff.failed(pass.now());
    }

    /** Something else is wanted of the unit: what was asked for counts no more. */
    void forget() {
        order = 0;
        here = false;
        words = "";
        backOff.succeeded();
    }

    /** With how far it is, or why it is tried again. */
    PublishedState on(PublishedState state) {
        return words.isEmpty()
                ? state
                : state.with(new Health(Verdict.UNKNOWN, words, state.health().count()));
    }
}
