package flotilla.fleet.agent;

import flotilla.fleet.job.Health;
import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.HealthCheck;
import flotilla.machine.UnitState;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.util.Optional;

/**
 * How one unit fares. What the init says counts first: one that failed is not asked. While it is up
 * the check that its text names is asked, again and again; without a check it is healthy.
 */
final class Pulse {
    /** Beyond a check's own limit of time, until an answer that has not come is given up. */
    private static final long PATIENCE_MILLIS = 60_000;

    private final String name;
    private Health health = Health.UNKNOWN;
    private Optional<HealthCheck> check = Optional.empty();
    private boolean once;
    private boolean up;
    private String text = "";
    private long order;
    private long askAt = Long.MIN_VALUE;

    Pulse(String name) {
        this.name = name;
    }

    Health health() {
        return health;
    }

    /**
     * @param runs whether it was launched, and nothing is being done to it
     */
    void feel(boolean runs, InitView init, Pass pass) {
        Optional<String> its = init.text();
        if (runs && init.isKnown() && its.isPresent()) {
            read(its.get());
            beats(init, pass);
        } else {
            is(Verdict.UNKNOWN, "");
            isDown();
        }
    }

    private void isDown() {
        up = false;
        order = 0;
        askAt = Long.MIN_VALUE;
    }

    private void beats(InitView init, Pass pass) {
        UnitState state = init.state();
        if (state.isFailed() || init.isRefused()) {
            isDown();
            is(Verdict.FAILED, why(state));
        } else if (!state.isActive()) {
            ends(init.isOver());
        } else if (check.isEmpty()) {
            is(Verdict.HEALTHY, "");
        } else {
            ask(check.get(), pass);
        }
    }

    private void read(String its) {
        if (its.equals(text)) {
            return;
        }
        text = its;
        UnitFile file = UnitFile.parse(its);
        check = HealthCheck.of(file, new UnitName(name));
        once = file.option("Service", "Type").filter("oneshot"::equals).isPresent();
    }

    private static String why(UnitState state) {
        return state.isFailed()
                ? "failed (%s)".formatted(state.result())
                : "can't be loaded (%s)".formatted(state.load());
    }

    /** What runs once has done well when it has ended; what is to go on has not. */
    private void ends(boolean over) {
        isDown();
        if (!over) {
            is(Verdict.UNKNOWN, "on its way up or down");
        } else if (once) {
            is(Verdict.HEALTHY, "");
        } else {
            is(Verdict.UNHEALTHY, "has ended");
        }
    }

    private void ask(HealthCheck its, Pass pass) {
        if (pass.now() < askAt) {
            pass.wakeAt(askAt);
            return;
        }
        if (!up) {
            // What the init said before it was up counts no longer.
            is(Verdict.UNKNOWN, "");
            up = true;
        }
        order = pass.number();
        askAt = pass.now() + its.timeout().toMillis() + PATIENCE_MILLIS;
        pass.wakeAt(askAt);
        pass.add(new Action.Probe(order, name, its));
    }

    /** What was asked of another run of it counts for nothing. */
    void probed(Event.Probed answer, Pass pass) {
        if (answer.order() != order) {
            return;
        }
        order = 0;
        boolean well = answer.problem().isEmpty();
        is(well ? Verdict.HEALTHY : Verdict.UNHEALTHY, answer.problem());
        askAt = pass.now() + check.map(its -> its.interval().toMillis()).orElse(0L);
    }

    private void is(Verdict verdict, String words) {
        health = health.turned(verdict, words);
    }
}
