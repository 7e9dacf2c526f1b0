package flotilla.fleet.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** One turn of the machine: what it goes by and what it comes to. */
final class Pass {
    private final long now;
    private final LongSupplier numbers;
    private final Leavers leavers;
    private final List<Action> actions = new ArrayList<>();
    private Map<String, Optional<String>> texts = Map.of();
    private final Set<String> looks = new TreeSet<>();
    private String wish = "";
    private long sureMillis = -1;
    private boolean mayStart;
    private boolean look;
    private boolean reload;
    private long wakeAt = Long.MAX_VALUE;
    private long unitWakeAt = Long.MAX_VALUE;

    /**
     * @param now monotonic, in milliseconds
     */
    Pass(long now, LongSupplier numbers, Leavers leavers) {
        this.now = now;
        this.numbers = numbers;
        this.leavers = leavers;
    }

    long now() {
        return now;
    }

    /** A number that no action has had. */
    long number() {
        return numbers.getAsLong();
    }

    void add(Action action) {
        actions.add(action);
    }

    /** To be done before all else that this turn has come to. */
    void addFirst(Action action) {
        actions.addFirst(action);
    }

    void wakeAt(long millis) {
        wakeAt = Math.min(wakeAt, millis);
        unitWakeAt = Math.min(unitWakeAt, millis);
    }

    /** The earliest time that was said since this was last asked. */
    long takeWakeAt() {
        long said = unitWakeAt;
        unitWakeAt = Long.MAX_VALUE;
        return said;
    }

    /** The machine was sure of itself until this turn. */
    void sureFor(long millis) {
        sureMillis = millis;
    }

    /** Whether it was for as long as that. */
    boolean wasSureFor(long millis) {
        return sureMillis >= millis;
    }

    void permitStarts() {
        mayStart = true;
    }

    /** Whether the machine is in the cluster and knows what it is told there now. */
    boolean mayStart() {
        return mayStart;
    }

    /**
     * Whether a unit can't start yet: one is still here that must have gone before. It has a turn
     * when that one has.
     *
     * @param shunned globs of units that must not be beside it
     */
    boolean isHeldUp(String unit, List<String> shunned) {
        return leavers.holdUp(unit, shunned);
    }

    /** These texts are known in this turn, by their hash; empty for one that the store has not. */
    void know(Map<String, Optional<String>> found) {
        texts = found;
    }

    /** A unit's text; empty while it is not known, and is asked for. */
    Optional<String> text(String hash) {
        if (!texts.containsKey(hash)) {
            wish = hash;
        }
        return texts.getOrDefault(hash, Optional.empty());
    }

    /** Whether the store was asked for that text, and has none. */
    boolean isMissing(String hash) {
        return texts.containsKey(hash) && text(hash).isEmpty();
    }

    /** The text that was asked for since this was last asked; empty for none. */
    String takeWish() {
        String its = wish;
        wish = "";
        return its;
    }

    /** The init is to be looked at soon. */
    void wantLook() {
        look = true;
    }

    boolean wantsLook() {
        return look;
    }

    /** A unit is to be looked at now. */
    void lookAt(String unit) {
        looks.add(unit);
    }

    Set<String> looks() {
        return looks;
    }

    /** The init is to read its files again. */
    void wantReload() {
        reload = true;
    }

    boolean wantsReload() {
        return reload;
    }

    List<Action> actions() {
        if (wakeAt != Long.MAX_VALUE) {
            actions.add(new Action.WakeAt(wakeAt));
        }
        return List.copyOf(actions);
    }
}
