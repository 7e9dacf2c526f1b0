package flotilla.fleet.cluster;

import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Defaults;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Sighting;
import flotilla.fleet.job.Strikes;
import flotilla.fleet.schedule.Requirements;
import flotilla.fleet.schedule.Schedule;
import flotilla.units.UnitName;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Everything the engine decides from, built by {@link #put} and {@link #remove} from a listing and
 * then from each change. Not safe for several threads: it has one owner.
 *
 * <p>What can't be read is left alone: a unit stays as it is as long as its job or its owner can't
 * be read, or a placement of it, unless something was asked of it since. A machine of which can't
 * be read what it is keeps what it has and gets nothing. What came before a value that can't be
 * read counts no longer, so that a model that was followed is as one that was listed.
 *
 * <p>Unit texts are parsed once per unit, when they are first needed.
 */
public final class Cluster {
    private final Texts texts = new Texts();
    private final Jobs jobs = new Jobs(texts);
    private final Owners owners = new Owners();
    private final Placements placements = new Placements(texts);
    private final Map<String, Versioned<Strikes>> strikes = new TreeMap<>();
    private final Rollouts rollouts = new Rollouts(texts);
    private final Set<Key> unreadable = new HashSet<>();
    private final Roll roll = new Roll(unreadable);
    private final Readings readings = new Readings(texts);
    private final Scheduling scheduling = new Scheduling(this, roll);

    /**
     * @param revision of this change of the key
     */
    public void put(Entry entry, long revision) {
        scheduling.touch(entry.key());
        unreadable.remove(entry.key());
        switch (entry) {
            case Entry.OfJob(Job job) -> jobs.put(job, revision);
            case Entry.OfText(String hash, String text) -> texts.put(hash, text, revision);
            case Entry.OfMachine(Machine machine) -> roll.put(machine);
            case Entry.OfLeaving leaving -> roll.put(leaving);
            case Entry.OfStrikes(String unit, Strikes against) ->
                    strikes.put(unit, new Versioned<>(against, revision));
            case Entry.OfMetadata item -> roll.put(item, revision);
            case Entry.OfEligibility word -> roll.put(word, revision);
            case Entry.OfDefaults(Defaults defaults) -> scheduling.follow(defaults);
            case Entry.OfSighting(String machine, Sighting sighting) ->
                    roll.put(machine, sighting, revision);
            case Entry.OfOwner(String unit, String machine) -> owners.put(unit, machine, revision);
            case Entry.OfPlacement(var machine, var unit, Assignment told, long since, var texts) ->
                    placements.put(
                            machine, unit, new Told(Optional.of(told), since, revision, texts));
            case Entry.OfAcknowledgement(String machine, String unit, Acknowledgement said) ->
                    placements.put(machine, unit, said);
            case Entry.OfRollout(Rollout rollout) -> rollouts.put(rollout, revision);
            case Entry.Unreadable(Key key) -> leaveAlone(key, revision);
            case Entry.OfState _, Entry.OfHistory _, Entry.OfImage _, Entry.OfHolding _ -> {}
        }
    }

    private void leaveAlone(Key key, long revision) {
        remove(key);
        unreadable.add(key);
        if (key instanceof Key.OfPlacement(String machine, String unit)) {
            placements.put(machine, unit, new Told(Optional.empty(), 0, revision, Set.of()));
        }
    }

    public void remove(Key key) {
        scheduling.touch(key);
        unreadable.remove(key);
        switch (key) {
            case Key.OfJob(String unit) -> {
                jobs.remove(unit);
                readings.forget(unit);
            }
            case Key.OfText(String hash) -> texts.remove(hash);
            case Key.OfMachine machine -> roll.remove(machine);
            case Key.OfMetadata item -> roll.remove(item);
            case Key.OfEligibility word -> roll.remove(word);
            case Key.OfDefaults _ -> scheduling.follow(Defaults.NONE);
            case Key.OfSighting sighting -> roll.remove(sighting);
            case Key.OfOwner(String unit) -> owners.remove(unit);
            case Key.OfPlacement(String machine, String unit) -> placements.remove(machine, unit);
            case Key.OfAcknowledgement(String machine, String unit) ->
                    placements.removeAnswer(machine, unit);
            case Key.OfStrikes(String unit) -> strikes.remove(unit);
            case Key.OfLeaving leaving -> roll.remove(leaving);
            case Key.OfRollout(String set) -> rollouts.remove(set);
            case Key.Unknown ignored -> {}
            case Key.OfState _, Key.OfHistory _, Key.OfImage _, Key.OfHolding _ -> {}
        }
    }

    /** Whether something is there of which nobody can tell what it refers to. */
    public boolean hasUnreadable() {
        return !unreadable.isEmpty();
    }

    public boolean isUnreadable(Key key) {
        return unreadable.contains(key);
    }

    /** The units of which can't be read what is wanted. */
    public List<String> unreadableUnits() {
        return unreadable.stream()
                .flatMap(key ->
                        key instanceof Key.OfJob(String unit) ? Stream.of(unit) : Stream.empty())
                .toList();
    }

    /** Whether a unit is to stay as it is, since it can't be read what is wanted, or what is. */
    public boolean isLeftAlone(String unit) {
        return unreadable.contains(new Key.OfJob(unit))
                || unreadable.contains(new Key.OfOwner(unit))
                || (!unreadable.isEmpty()
                        && placements.of(unit).values().stream()
                                .anyMatch(told ->
                                        told.assignment().isEmpty()
                                                && told.revision() > jobRevision(unit)));
    }

    /** By name. */
    public Collection<Job> jobs() {
        return jobs.all();
    }

    public int jobCount() {
        return jobs.size();
    }

    /** By the names of their sets. */
    public Map<String, Versioned<Rollout>> rollouts() {
        return rollouts.all();
    }

    /** The instances of a template, by name; looks at those alone. */
    public List<Job> instances(UnitName template) {
        return jobs.instances(template);
    }

    public Optional<Job> job(String unit) {
        return Optional.ofNullable(jobs.find(unit)).map(Versioned::value);
    }

    /** The units that are started anew one after another, in turn. */
    public List<Job> inWave(String id) {
        return jobs.inWave(id).stream().flatMap(unit -> job(unit).stream()).toList();
    }

    /** The units that are of this text, as far as is wanted. */
    public Set<String> unitsWithText(String hash) {
        return jobs.withText(hash);
    }

    /** The revision of the job's last change; 0 when there is none. */
    public long jobRevision(String unit) {
        Versioned<Job> job = jobs.find(unit);
        return job == null ? 0 : job.revision();
    }

    /** All units that are wanted, owned or placed, by name. */
    public Set<String> units() {
        Set<String> units = new TreeSet<>(jobs.names());
        units.addAll(owners.units());
        units.addAll(placements.units());
        return units;
    }

    /** The units that a machine, there or gone, owns or is told of. */
    public Set<String> unitsOn(String machineId) {
        Set<String> units = new TreeSet<>(owners.of(machineId));
        units.addAll(placements.on(machineId));
        return units;
    }

    /** The units that some machine is told to give up. */
    public Set<String> withdrawn() {
        return placements.withdrawn();
    }

    public Optional<String> owner(String unit) {
        return Optional.ofNullable(owners.find(unit)).map(Versioned::value);
    }

    /** The units that a machine, there or gone, owns. */
    Set<String> ownedBy(String machineId) {
        return owners.of(machineId);
    }

    /** The revision of the owner's last change; 0 when there is none. */
    public long ownerRevision(String unit) {
        Versioned<String> owner = owners.find(unit);
        return owner == null ? 0 : owner.revision();
    }

    /** What each machine, also one that is gone, is told of a unit; by machine. */
    public Map<String, Told> told(String unit) {
        return placements.of(unit);
    }

    public Optional<Told> told(String machineId, String unit) {
        return Optional.ofNullable(placements.of(unit).get(machineId));
    }

    public Optional<Assignment> placement(String machineId, String unit) {
        return told(machineId, unit).flatMap(Told::assignment);
    }

    /** The units of which a machine, there or gone, may have another text than it is told of. */
    public Set<String> unsettledOn(String machineId) {
        return placements.unsettledOn(machineId);
    }

    /**
     * Hashes of the texts that a machine may have of a unit: the one that it is told of, and those
     * from before while it has not answered.
     */
    public Set<String> textsOn(String machineId, String unit) {
        return placements.texts(machineId, unit);
    }

    /** How far the machine says it is with what it is told now of the unit. */
    public Optional<Acknowledgement> answer(String machineId, String unit) {
        return placements.answer(machineId, unit);
    }

    /** When the machine was told of the unit, in milliseconds since 1970; 0 when not known. */
    public long toldMillis(String machineId, String unit) {
        return told(machineId, unit).map(Told::sinceMillis).orElse(0L);
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
        return texts.text(hash);
    }

    /** The texts that no job and no placement names, with the revisions of their last writes. */
    public Map<String, Long> unusedTexts() {
        return texts.unused();
    }

    /** Also one of which can't be read what it is. */
    public boolean hasMachine(String id) {
        return roll.isThere(id);
    }

    /** Whether a machine is there of which can't be read what it is or what people said of it. */
    public boolean isOpaque(String id) {
        return roll.isOpaque(id);
    }

    /** Whether the machine said that it goes, and has not come back since. */
    public boolean hasLeft(String id) {
        return roll.hasLeft(id);
    }

    /** Whether it said when it went that nothing of its units is left there. */
    public boolean hasStopped(String id) {
        return roll.hasStopped(id);
    }

    /** Whether people want the machine, which may be gone already, without units. */
    public boolean isDraining(String id) {
        return roll.eligibility(id) == Eligibility.DRAINING;
    }

    /** By id; as they count now, with what was said of them at run time; none that is opaque. */
    public List<Machine> machines() {
        return roll.readable();
    }

    /** All machines that are there, or of which something is known. */
    public Set<String> knownMachines() {
        return roll.known();
    }

    public boolean isKnownMachine(String id) {
        return roll.isKnown(id);
    }

    /** As it announces itself; empty when it is gone or can't be read. */
    public Optional<Machine> announced(String id) {
        return Optional.ofNullable(roll.announced(id));
    }

    /** What is remembered of a machine, there or gone. */
    public Optional<Versioned<Sighting>> sighting(String id) {
        return Optional.ofNullable(roll.sighting(id));
    }

    /** The keys that people said something of a machine with, and their last changes. */
    public Map<Key, Long> saidOf(String id) {
        return roll.said(id);
    }

    /**
     * What a unit asks for; empty when there is no such unit, or its text is missing or can't be
     * honoured. Such a unit is left where it is.
     */
    public Optional<Requirements> requirements(String unit) {
        return job(unit).flatMap(job -> readings.wanted(unit, job.hash()));
    }

    /**
     * What a unit asks for by the text that a machine was last told of, which may be another one
     * than is wanted now; empty when that can't be read.
     */
    public Optional<Requirements> requirements(String unit, String machineId) {
        return placement(machineId, unit)
                .map(told -> readings.of(unit, told.hash()))
                .orElseGet(() -> requirements(unit));
    }

    /**
     * The same by each of the texts that the machine {@linkplain #textsOn may have} of it; without
     * those that can't be read.
     */
    public List<Requirements> everyRequirements(String unit, String machineId) {
        Set<String> hashes = textsOn(machineId, unit);
        return hashes.isEmpty()
                ? requirements(unit).stream().toList()
                : hashes.stream().flatMap(hash -> readings.of(unit, hash).stream()).toList();
    }

    public boolean isGlobal(String unit) {
        return requirements(unit).map(Requirements::global).orElse(false);
    }

    /** The machines that are remembered as gone. */
    public Set<String> goneMachines() {
        return roll.gone();
    }

    /** The units that are {@linkplain #isLeftAlone left alone}, as of the last schedule. */
    public Set<String> leftAlone() {
        return scheduling.leftAlone();
    }

    /** Units that belong elsewhere, by the last schedule, than when this was last asked. */
    public Set<String> moved() {
        return scheduling.moved();
    }

    /**
     * Where units belong. It is worked out from what has changed since this was last asked, and
     * holds until something is put or removed.
     *
     * @param nowMillis wall clock, in milliseconds since 1970
     */
    public Schedule schedule(long nowMillis) {
        return scheduling.schedule(nowMillis);
    }
}
