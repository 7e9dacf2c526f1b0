package flotilla.fleet.cluster;

import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.schedule.Requirements;
import flotilla.fleet.schedule.Schedule;
import flotilla.fleet.schedule.Scheduler;
import flotilla.fleet.schedule.Task;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    private final Map<String, String> owners = new HashMap<>();
    private final Map<String, Map<String, Assignment>> placements = new TreeMap<>();
    private final Map<String, Read> requirements = new HashMap<>();

    private record Versioned<T>(T value, long revision) {}

    private record Read(String hash, Requirements requirements) {}

    /**
     * @param revision of this change of the key
     */
    public void put(Entry entry, long revision) {
        switch (entry) {
            case Entry.OfJob(Job job) -> jobs.put(job.name(), new Versioned<>(job, revision));
            case Entry.OfText(String hash, String text) ->
                    texts.put(hash, new Versioned<>(text, revision));
            case Entry.OfMachine(Machine machine) -> machines.put(machine.id(), machine);
            case Entry.OfMetadata(String machine, String name, Optional<String> value) ->
                    metadata.computeIfAbsent(machine, id -> new TreeMap<>()).put(name, value);
            case Entry.OfOwner(String unit, String machine) -> owners.put(unit, machine);
            case Entry.OfPlacement(String machine, String unit, Assignment assignment) ->
                    placements
                            .computeIfAbsent(machine, id -> new TreeMap<>())
                            .put(unit, assignment);
            case Entry.OfState ignored -> {}
        }
    }

    public void remove(Key key) {
        switch (key) {
            case Key.OfJob(String unit) -> {
                jobs.remove(unit);
                requirements.remove(unit);
            }
            case Key.OfText(String hash) -> texts.remove(hash);
            case Key.OfMachine(String machine) -> machines.remove(machine);
            case Key.OfMetadata(String machine, String name) ->
                    metadata.getOrDefault(machine, new HashMap<>()).remove(name);
            case Key.OfOwner(String unit) -> owners.remove(unit);
            case Key.OfPlacement(String machine, String unit) -> {
                Map<String, Assignment> there = placements.get(machine);
                if (there != null) {
                    there.remove(unit);
                    placements.computeIfPresent(machine, (id, m) -> m.isEmpty() ? null : m);
                }
            }
            case Key.OfState ignored -> {}
        }
    }

    /** By name. */
    public Collection<Job> jobs() {
        return jobs.values().stream().map(Versioned::value).toList();
    }

    public Optional<Job> job(String unit) {
        return Optional.ofNullable(jobs.get(unit)).map(Versioned::value);
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

    /** What each machine is told, also those that are gone; by machine, then by unit. */
    public Map<String, Map<String, Assignment>> placements() {
        return Collections.unmodifiableMap(placements);
    }

    public Optional<Assignment> placement(String machineId, String unit) {
        return Optional.ofNullable(placements.getOrDefault(machineId, Map.of()).get(unit));
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

    /** By id; with the metadata as it counts now, changes at run time included. */
    public List<Machine> machines() {
        return machines.values().stream().map(this::withMetadata).toList();
    }

    private Machine withMetadata(Machine machine) {
        return Metadata.overlay(machine, metadata.getOrDefault(machine.id(), Map.of()));
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

    /** Every unit that is wanted on some machine and can be read; templates never are. */
    public List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        for (Versioned<Job> job : jobs.values()) {
            if (job.value().desired() != JobState.INACTIVE) {
                task(job.value().name()).ifPresent(tasks::add);
            }
        }
        return tasks;
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
        return requirements(unit).map(wants -> new Task(unit, family, wants, owner(unit)));
    }

    public Schedule schedule() {
        return Scheduler.place(tasks(), machines());
    }
}
