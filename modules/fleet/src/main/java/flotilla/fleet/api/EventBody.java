package flotilla.fleet.api;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Deed;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One change, as the API tells it.
 *
 * @param kind of key, and the event's name
 * @param name of the unit; of what is no unit's, its own
 * @param value absent for what was removed
 */
record EventBody(
        String kind,
        String name,
        @Nullable String machineID,
        boolean removed,
        @Nullable Object value,
        long revision) {
    /** Says that what comes between is not told: everything is to be read again. */
    static final String RESET = "reset";

    /** A line of history; without a unit's name when it is of a machine. */
    static final String HISTORY = "history";

    /**
     * @param revision from which on all is told again
     */
    static EventBody reset(long revision) {
        return new EventBody(RESET, "", null, false, null, revision);
    }

    static EventBody of(Change change, long revision) {
        return switch (change) {
            case Change.Put(Entry.OfHistory(Deed deed), long at) ->
                    new EventBody(
                            HISTORY,
                            deed.unit(),
                            deed.machineId().isEmpty() ? null : deed.machineId(),
                            false,
                            DeedBody.of(deed),
                            revision);
            case Change.Put(Entry entry, long at) -> of(entry.key(), value(entry), revision);
            case Change.Removed(Key key) -> of(key, null, revision);
        };
    }

    private static EventBody of(Key key, @Nullable Object value, long revision) {
        boolean gone = value == null;
        return switch (key) {
            case Key.OfJob(String unit) -> new EventBody("unit", unit, null, gone, value, revision);
            case Key.OfText(String hash) -> new EventBody("text", hash, null, gone, null, revision);
            case Key.OfMachine(String id) ->
                    new EventBody("machine", id, id, gone, value, revision);
            case Key.OfMetadata(String id, String name) ->
                    new EventBody("metadata", name, id, gone, value, revision);
            case Key.OfEligibility(String id) ->
                    new EventBody("eligibility", id, id, gone, value, revision);
            case Key.OfDefaults() ->
                    new EventBody("defaults", "units", null, gone, value, revision);
            case Key.OfOwner(String unit) ->
                    new EventBody("owner", unit, null, gone, value, revision);
            case Key.OfPlacement(String id, String unit) ->
                    new EventBody("placement", unit, id, gone, value, revision);
            case Key.OfAcknowledgement(String id, String unit) ->
                    new EventBody("acknowledgement", unit, id, gone, value, revision);
            case Key.OfStrikes(String unit) ->
                    new EventBody("strikes", unit, null, gone, value, revision);
            case Key.OfSighting(String id) ->
                    new EventBody("sighting", id, id, gone, value, revision);
            case Key.OfLeaving(String id) ->
                    new EventBody("leaving", id, id, gone, value, revision);
            case Key.OfRollout(String set) ->
                    new EventBody("rollout", set, null, gone, value, revision);
            case Key.Unknown(String path) ->
                    new EventBody("unknown", path, null, gone, null, revision);
            case Key.OfState(String id, String unit) ->
                    new EventBody("state", unit, id, gone, value, revision);
            case Key.OfImage(String name) ->
                    new EventBody("image", name, null, gone, value, revision);
            case Key.OfHolding(String id) ->
                    new EventBody("holding", id, id, gone, value, revision);
            case Key.OfHistory(String subject, String name, String line) ->
                    new EventBody(HISTORY, name, null, gone, value, revision);
        };
    }

    private static Object value(Entry entry) {
        return switch (entry) {
            case Entry.OfJob(var job) ->
                    Map.of(
                            "desiredState",
                            job.desired().text(),
                            "hash",
                            job.hash(),
                            "generation",
                            job.generation());
            case Entry.OfText text -> "";
            case Entry.OfMachine(var machine) -> MachineBody.whole(machine);
            case Entry.OfMetadata metadata -> metadata.value().orElse("");
            case Entry.OfEligibility(String id, var word) -> word.text();
            case Entry.OfDefaults(var defaults) -> DefaultsBody.of(defaults);
            case Entry.OfOwner owner -> owner.machineId();
            case Entry.OfPlacement placement -> placement.assignment().desired().text();
            case Entry.OfAcknowledgement(String id, String unit, var said) -> said;
            case Entry.OfStrikes(String unit, var against) -> against.count();
            case Entry.OfSighting(String id, var sighting) -> sighting;
            case Entry.OfLeaving leaving -> "";
            case Entry.OfRollout(var rollout) ->
                    Map.of(
                            "phase",
                            rollout.phase().text(),
                            "reason",
                            rollout.stage().reason(),
                            "hash",
                            rollout.hash());
            case Entry.Unreadable unreadable -> "";
            case Entry.OfState(var state) -> StateBody.of(state);
            case Entry.OfImage(var image) -> image.config().id();
            case Entry.OfHolding holding -> holding.images();
            case Entry.OfHistory(Deed deed) -> DeedBody.of(deed);
        };
    }
}
