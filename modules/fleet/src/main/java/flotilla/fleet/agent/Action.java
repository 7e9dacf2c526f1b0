package flotilla.fleet.agent;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.HealthCheck;
import flotilla.fleet.schedule.ImageWishes;
import flotilla.machine.Init.JobVerb;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an {@link AgentMachine} wants done. What has an outcome carries a number, under which an
 * {@link Event} is to tell of it; one that is never told of is asked for again.
 */
public sealed interface Action {
    /** List what the machine is told, with a read begun after this, and follow it from there. */
    record ListPlacements(long order) implements Action {}

    record ReadTexts(long order, Set<String> hashes) implements Action {}

    /**
     * Write a unit's file, have it start at boot if it says so, and note in the diary that the init
     * has it: all of it or nothing.
     */
    record Load(long order, String unit, Held as, String text, String reason) implements Action {}

    /** Have the init read all files again. */
    record Reload(long order) implements Action {}

    /**
     * Have the container engine have images before the unit starts.
     *
     * @param wishes of its text
     */
    record Fetch(long order, String unit, ImageWishes wishes) implements Action {}

    record Order(long order, JobVerb verb, String unit, String reason) implements Action {}

    /** End a unit's processes without asking them. */
    record Kill(String unit, String reason) implements Action {}

    /** Remove a unit's file, and what the init and the diary remember of it. */
    record Discard(long order, String unit) implements Action {}

    /** Ask whether a unit is healthy. */
    record Probe(long order, String unit, HealthCheck check) implements Action {}

    record Look(long order, Set<String> units) implements Action {}

    /** Note in the diary how far a unit is. */
    record Note(String unit, Held as) implements Action {}

    /**
     * Have the init end these units at that time, unless it is told of a later one before: also
     * when this process does not run. Instead of what it was told before.
     */
    record Guard(Set<String> units, long untilMillis) implements Action {}

    /**
     * Say it all at once.
     *
     * @param entries empty: nothing is said of that key any more
     */
    record Say(long order, long lease, Map<Key, Optional<Entry>> entries) implements Action {}

    record AskSaid(long order) implements Action {}

    /** Nothing of fleet's is left. */
    record Left() implements Action {}

    /** Tell when it is that late, if nothing else happens before. */
    record WakeAt(long monotonicMillis) implements Action {}
}
