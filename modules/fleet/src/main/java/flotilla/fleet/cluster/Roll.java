package flotilla.fleet.cluster;

import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Sighting;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The machines, and what is known of those that are gone. */
final class Roll {
    private final Map<String, Machine> machines = new TreeMap<>();
    private final Map<String, Map<String, Optional<String>>> metadata = new HashMap<>();
    private final Map<String, Eligibility> eligibility = new HashMap<>();
    private final Map<String, Versioned<Sighting>> sightings = new TreeMap<>();
    private final SortedSet<String> gone = new TreeSet<>();

    /** What was said of machines at run time, by anybody; with the revision of its last change. */
    private final Map<String, Map<Key, Long>> said = new TreeMap<>();

    private final Set<String> left = new HashSet<>();
    private final Set<String> stopped = new HashSet<>();
    private final Set<Key> unreadable;

    /**
     * @param unreadable the keys that can't be read; somebody else's, who changes it
     */
    Roll(Set<Key> unreadable) {
        this.unreadable = unreadable;
    }

    void put(Machine machine) {
        machines.put(machine.id(), machine);
    }

    void put(Entry.OfMetadata item, long revision) {
        metadata.computeIfAbsent(item.machineId(), _ -> new TreeMap<>())
                .put(item.name(), item.value());
        said(item.machineId(), item.key(), revision);
    }

    void put(Entry.OfEligibility word, long revision) {
        eligibility.put(word.machineId(), word.eligibility());
        said(word.machineId(), word.key(), revision);
    }

    void put(String machine, Sighting sighting, long revision) {
        sightings.put(machine, new Versioned<>(sighting, revision));
        if (sighting.isGone()) {
            gone.add(machine);
        } else {
            gone.remove(machine);
        }
    }

    /** That it goes in order. */
    void put(Entry.OfLeaving leaving) {
        left.add(leaving.machineId());
        if (leaving.stopped()) {
            stopped.add(leaving.machineId());
        } else {
            stopped.remove(leaving.machineId());
        }
    }

    private void said(String machine, Key key, long revision) {
        said.computeIfAbsent(machine, _ -> new HashMap<>()).put(key, revision);
    }

    void remove(Key.OfMachine key) {
        machines.remove(key.machineId());
    }

    void remove(Key.OfMetadata key) {
        metadata.getOrDefault(key.machineId(), new HashMap<>()).remove(key.name());
        unsaid(key.machineId(), key);
    }

    void remove(Key.OfEligibility key) {
        eligibility.remove(key.machineId());
        unsaid(key.machineId(), key);
    }

    void remove(Key.OfLeaving key) {
        left.remove(key.machineId());
        stopped.remove(key.machineId());
    }

    void remove(Key.OfSighting key) {
        sightings.remove(key.machineId());
        gone.remove(key.machineId());
    }

    private void unsaid(String machine, Key key) {
        Map<Key, Long> known = said.get(machine);
        if (known != null && known.remove(key) != null && known.isEmpty()) {
            said.remove(machine);
        }
    }

    /** Also one of which can't be read what it is. */
    boolean isThere(String machine) {
        return machines.containsKey(machine) || unreadable.contains(new Key.OfMachine(machine));
    }

    /** Whether it is there, but what it is, or what people said of it, can't be read. */
    boolean isOpaque(String machine) {
        return isThere(machine)
                && unreadable.stream()
                        .anyMatch(key ->
                                switch (key) {
                                    case Key.OfMachine(String id) -> id.equals(machine);
                                    case Key.OfMetadata(String id, _) -> id.equals(machine);
                                    default -> false;
                                });
    }

    boolean hasLeft(String machine) {
        return left.contains(machine);
    }

    boolean hasStopped(String machine) {
        return stopped.contains(machine);
    }

    Eligibility eligibility(String machine) {
        return eligibility.getOrDefault(machine, Eligibility.READY);
    }

    /** By id; as they count now, with what was said of them at run time; none that is opaque. */
    List<Machine> readable() {
        return machines.keySet().stream().flatMap(id -> readable(id).stream()).toList();
    }

    /** As it counts now; empty when it is gone or opaque. */
    Optional<Machine> readable(String id) {
        return Optional.ofNullable(machines.get(id))
                .filter(_ -> !isOpaque(id))
                .map(this::asItCounts);
    }

    private Machine asItCounts(Machine machine) {
        return Metadata.overlay(machine, metadata.getOrDefault(machine.id(), Map.of()))
                .with(eligibility(machine.id()));
    }

    @Nullable Machine announced(String machine) {
        return machines.get(machine);
    }

    @Nullable Versioned<Sighting> sighting(String machine) {
        return sightings.get(machine);
    }

    /** Those that are remembered as gone, by id. */
    SortedSet<String> gone() {
        return Collections.unmodifiableSortedSet(gone);
    }

    /** Whether the machine is there and can be read, or something is known of it. */
    boolean isKnown(String machine) {
        return machines.containsKey(machine)
                || sightings.containsKey(machine)
                || said.containsKey(machine);
    }

    /** All machines that are there, or of which something is known. */
    Set<String> known() {
        Set<String> known = new HashSet<>(machines.keySet());
        known.addAll(sightings.keySet());
        known.addAll(said.keySet());
        return known;
    }

    /** The keys that say something of a machine, with the revisions of their last changes. */
    Map<Key, Long> said(String machine) {
        return Collections.unmodifiableMap(said.getOrDefault(machine, Map.of()));
    }
}
