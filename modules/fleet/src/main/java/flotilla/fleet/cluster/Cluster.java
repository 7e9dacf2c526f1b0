package flotilla.fleet.cluster;

import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Strikes;
import flotilla.fleet.schedule.Requirements;
import flotilla.fleet.schedule.Schedule;
import flotilla.fleet.schedule.Scheduler;
import flotilla.fleet.schedule.Task;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything the engine decides from, built by {@link #put} and {@link #remove} from a listing and
 * then from each change. Not safe for several threads: it has one owner.
 *
 * <p>Unit texts are parsed once per unit, when they are first needed.
 */
public final class Cluster {
    private final Map<String, Versioned<Job>> jobs = new TreeMap<>();
    private final Map<String, Versioned<String>> texts = new HashMap<>();
    private final Map<String, Machine> machines = new TreeMap<>();
    private final Map<String, Map<String, Optional<String>>> metadata = new HashMap<>();
    private final Map<String, Eligibility> eligibility = new HashMap<>();
    private final Map<String, String> owners = new HashMap<>();
    private final Map<String, Map<String, Told>> placements = new TreeMap<>();
    private final Map<String, Versioned<Strikes>> strikes = new TreeMap<>();
    private final Set<String> left = new HashSet<>();
    private final Set<String> unreadableJobs = new HashSet<>();
    private final Set<Key> unreadable = new HashSet<>();
    private final Map<String, Read> requirements = new HashMap<>();

    private record Versioned<T>(T value, long revision) {}

    private record Told(Assignment assignment, long sinceMillis) {}

    private record Read(String hash, Requirements requirements) {}

    /**
     * @param revision of this change of the key
     */
    public void put(Entry entry, long revision) {
        unreadable.remove(entry.key());
        switch (entry) {
            case Entry.OfJob(Job job) -> {
                jobs.put(job.name(), new Versioned<>(job, revision));
                unreadableJobs.remove(job.name());
            }
            case Entry.OfText(String hash, String text) ->
                    texts.put(hash, new Versioned<>(text, revision));
            case Entry.OfMachine(Machine machine) -> machines.put(machine.id(), machine);
            case Entry.OfLeaving(String machine) -> left.add(machine);
            case Entry.OfStrikes(String unit, Strikes against) ->
                    strikes.put(unit, new Versioned<>(against, revision));
            case Entry.OfMetadata(String machine, String name, Optional<String> value) ->
                    metadata.computeIfAbsent(machine, id -> new TreeMap<>()).put(name, value);
            case Entry.OfEligibility(String machine, Eligibility word) ->
                    eligibility.put(machine, word);
            case Entry.OfOwner(String unit, String machine) -> owners.put(unit, machine);
            case Entry.OfPlacement(String machine, String unit, Assignment told, long since) ->
                    placements
                            .computeIfAbsent(machine, id -> new TreeMap<>())
                            .put(unit, new Told(told, since));
            case Entry.Unreadable(Key key) -> {
                // Of all others what was read before still counts.
                if (key instanceof Key.OfJob(String unit)) {
                    remove(key);
                    unreadableJobs.add(unit);
                }
                unreadable.add(key);
            }
            case Entry.OfAcknowledgement ignored -> {}
            case Entry.OfState ignored -> {}
        }
    }

    public void remove(Key key) {
        unreadable.remove(key);
        switch (key) {
            case Key.OfJob(String unit) -> {
                jobs.remove(unit);
                unreadableJobs.remove(unit);
                requirements.remove(unit);
            }
            case Key.OfText(String hash) -> texts.remove(hash);
            case Key.OfMachine(String machine) -> machines.remove(machine);
            case Key.OfMetadata(String machine, String name) ->
                    metadata.getOrDefault(machine, new HashMap<>()).remove(name);
            case Key.OfEligibility(String machine) -> eligibility.remove(machine);
            case Key.OfOwner(String unit) -> owners.remove(unit);
            case Key.OfPlacement(String machine, String unit) -> {
                Map<String, Told> there = placements.get(machine);
                if (there != null) {
                    there.remove(unit);
                    placements.computeIfPresent(machine, (id, m) -> m.isEmpty() ? null : m);
                }
            }
            case Key.OfStrikes(String unit) -> strikes.remove(unit);
            case Key.OfLeaving(String machine) -> left.remove(machine);
            case Key.OfAcknowledgement ignored -> {}
            case Key.Unknown ignored -> {}
            case Key.OfState ignored -> {}
        }
    }

    /** Whether something is there of which nobody can tell what it refers to. */
    public boolean hasUnreadable() {
        return !unreadable.isEmpty();
    }

    /** By name. */
    public Collection<Job> jobs() {
        return jobs.values().stream().map(Versioned::value).toList();
    }

    public Optional<Job> job(String unit) {
        return Optional.ofNullable(jobs.get(unit)).map(Versioned::value);
    }

    /** Units that are known, but what is wanted of them can't be read: they stay as they are. */
    public Set<String> unreadableJobs() {
        return Collections.unmodifiableSet(unreadableJobs);
    }

    /** The revision of the job's last change; 0 when there is none. */
    public long jobRevision(String unit) {
        Versioned<Job> job = jobs.get(unit);
        return job == null ? 0 : job.revision();
    }

    public Optional<String> owner(String unit) {
        return Optional.ofNullable(owners.get(unit));
    }

    public Map<String, String> owners() {
        return Collections.unmodifiableMap(owners);
    }

    /** The units that each machine is told of, also those that are gone; by machine, then unit. */
    public Map<String, Set<String>> placements() {
        Map<String, Set<String>> units = new LinkedHashMap<>();
        placements.forEach((machine, told) -> units.put(machine, told.keySet()));
        return units;
    }

    public Optional<Assignment> placement(String machineId, String unit) {
        return told(machineId, unit).map(Told::assignment);
    }

    /** When the machine was told of the unit, in milliseconds since 1970; 0 when not known. */
    public long toldMillis(String machineId, String unit) {
        return told(machineId, unit).map(Told::sinceMillis).orElse(0L);
    }

    private Optional<Told> told(String machineId, String unit) {
        return Optional.ofNullable(placements.getOrDefault(machineId, Map.of()).get(unit));
    }

    /** The machines that died of a unit's present text. */
    public Optional<Strikes> strikes(String unit) {
        Versioned<Strikes> against = strikes.get(unit);
        return against == null
                ? Optional.empty()
                : job(unit).filter(against.value()::concerns).map(_ -> against.value());
    }

    /** All units that ever had strikes, with the revision of that note's last change. */
    public Map<String, Long> strikeRevisions() {
        Map<String, Long> revisions = new TreeMap<>();
        strikes.forEach((unit, against) -> revisions.put(unit, against.revision()));
        return revisions;
    }

    /** Why the unit may come to no further machine now; empty when it may. */
    public Optional<String> hold(String unit, long nowMillis) {
        return strikes(unit).flatMap(against -> against.hold(nowMillis));
    }

    public Optional<String> text(String hash) {
        return Optional.ofNullable(texts.get(hash)).map(Versioned::value);
    }

    /** Every text kept, with the revision of its last write. */
    public Map<String, Long> textRevisions() {
        Map<String, Long> revisions = new TreeMap<>();
        texts.forEach((hash, text) -> revisions.put(hash, text.revision()));
        return revisions;
    }

    public boolean hasMachine(String id) {
        return machines.containsKey(id);
    }

    /** Whether the machine said that it goes, and has not come back since. */
    public boolean hasLeft(String id) {
        return left.contains(id);
    }

    /** Whether people want the machine, which may be gone already, without units. */
    public boolean isDraining(String id) {
        return eligibility(id) == Eligibility.DRAINING;
    }

    private Eligibility eligibility(String id) {
        return eligibility.getOrDefault(id, Eligibility.READY);
    }

    /** By id; as it counts now, with what was said of them at run time. */
    public List<Machine> machines() {
        return machines.values().stream().map(this::asItCounts).toList();
    }

    private Machine asItCounts(Machine machine) {
        return Metadata.overlay(machine, metadata.getOrDefault(machine.id(), Map.of()))
                .with(eligibility(machine.id()));
    }

    /**
     * What a unit asks for; empty when there is no such unit, or its text is missing or can't be
     * honoured. Such a unit is left where it is.
     */
    public Optional<Requirements> requirements(String unit) {
        Versioned<Job> job = jobs.get(unit);
        Versioned<String> text = job == null ? null : texts.get(job.value().hash());
        if (job == null || text == null) {
            return Optional.empty();
        }
        Read known = requirements.get(unit);
        if (known == null || !known.hash().equals(job.value().hash())) {
            known = read(unit, job.value().hash(), text.value());
            if (known == null) {
                return Optional.empty();
            }
            requirements.put(unit, known);
        }
        return Optional.of(known.requirements());
    }

    private static @Nullable Read read(String unit, String hash, String text) {
        return Requirements.of(unit, text).map(found -> new Read(hash, found)).orElse(null);
    }

    public boolean isGlobal(String unit) {
        return requirements(unit).map(Requirements::global).orElse(false);
    }

    /**
     * Every unit that is wanted on some machine, can be read and need not wait; templates never
     * are. A unit that machines died of waits only while it is on none.
     */
    private List<Task> tasks(long nowMillis) {
        List<Task> tasks = new ArrayList<>();
        for (Versioned<Job> job : jobs.values()) {
            String unit = job.value().name();
            if (job.value().desired() != JobState.INACTIVE
                    && (isSeated(unit) || isGlobal(unit) || hold(unit, nowMillis).isEmpty())) {
                task(job.value().name()).ifPresent(tasks::add);
            }
        }
        return tasks;
    }

    private boolean isSeated(String unit) {
        String owner = owners.get(unit);
        return owner != null && machines.containsKey(owner);
    }

    private Optional<Task> task(String unit) {
        if (UnitName.problem(unit).isPresent()) {
            return Optional.empty();
        }
        UnitName name = new UnitName(unit);
        if (name.isTemplate()) {
            return Optional.empty();
        }
        String family = name.isInstance() ? name.prefix() : "";
        return requirements(unit)
                .map(wants ->
                        new Task(unit, family, wants, wants.global() ? told(unit) : owned(unit)));
    }

    private Set<String> owned(String unit) {
        return owner(unit).map(Set::of).orElse(Set.of());
    }

    /** The machines that are told of a unit. */
    private Set<String> told(String unit) {
        return placements.entrySet().stream()
                .filter(there -> there.getValue().containsKey(unit))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param nowMillis wall clock, in milliseconds since 1970
     */
    public Schedule schedule(long nowMillis) {
        return Scheduler.place(tasks(nowMillis), machines());
    }
}
