package flotilla.machine.systemd.ledger;

import java.util.List;
import java.util.Map;

/** What a {@link Ledger} hears (org.freedesktop.systemd1(5)). */
public sealed interface Signal {
    /** All units are about to be asked for: what is said of one from now on is newer. */
    record Asked() implements Signal {}

    /** The answer to the last {@link Asked}: every unit in memory. */
    record Listed(List<Row> rows) implements Signal {}

    /** The answer to the last {@link Asked}, of some units: those in memory and others. */
    record Named(List<Row> rows) implements Signal {}

    /**
     * PropertiesChanged of a unit, or of it as a service.
     *
     * @param properties those of them that make up a unit's state, as text
     */
    record Changed(String unit, Map<String, String> properties) implements Signal {}

    /** UnitRemoved: systemd has it in memory no longer. */
    record Removed(String unit) implements Signal {}

    /** Reloading: with true, units go and come until it is said with false. */
    record Reloading(boolean begins) implements Signal {}

    /** The reply to a call that gave a job. */
    record JobGiven(long order, String job) implements Signal {}

    /** JobRemoved, which may come before the reply that names the job. */
    record JobRemoved(String job, String result) implements Signal {}

    /** Nobody waits for that order any longer. */
    record GaveUp(long order) implements Signal {}

    /** The bus was lost: nothing is heard, and what was said meanwhile is never repeated. */
    record Lost() implements Signal {}
}
