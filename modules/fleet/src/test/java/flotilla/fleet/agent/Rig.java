package flotilla.fleet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Now;
import flotilla.machine.Init.JobResult;
import flotilla.machine.UnitState;
import flotilla.units.UnitFile;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A machine's agent with a store and an init in memory and a clock by hand. Both answer at once,
 * unless a test has them do otherwise; what was done is read off in words. Each turn is compared
 * with that of a machine which looks at all its units each time.
 */
final class Rig {
    static final String MACHINE = "m1";
    static final Duration TTL = Duration.ofSeconds(5);
    static final Fence FENCE = Fence.of(TTL);

    /** A unit that runs on when its machine is cut off, and one that must not. */
    static final String KEEPS = "[Service]\nExecStart=/bin/a\n[X-Fleet]\nOnLost=keep\n";

    static final String STOPS = "[Service]\nExecStart=/bin/b\n[X-Fleet]\nOnLost=stop\n";

    final Map<String, Told> placements = new TreeMap<>();
    final Set<String> unreadable = new HashSet<>();
    final Map<String, String> texts = new HashMap<>();
    final Map<Key, Entry> said = new HashMap<>();
    final Map<String, Held> diary = new TreeMap<>();
    final Map<String, String> files = new TreeMap<>();
    final Map<String, UnitState> states = new TreeMap<>();

    /** Orders for these are never answered, and do nothing. */
    final Set<String> deaf = new HashSet<>();

    /** The next order for the unit ends so, and does nothing; empty: it can't be given. */
    final Map<String, Optional<JobResult>> outcomes = new HashMap<>();

    /** Why the next loads of a unit fail. */
    final Map<String, String> loadProblems = new HashMap<>();

    /** Why a unit's check fails. */
    final Map<String, String> problems = new HashMap<>();

    /** What was asked for and is not here yet. */
    final List<Action.Fetch> fetches = new ArrayList<>();

    /** The numbers under which checks were asked. */
    final List<Long> probes = new ArrayList<>();

    boolean probesAnswer = true;
    boolean storeAnswers = true;
    boolean reloads = true;
    long revision = 100;
    long now = 1_000_000;
    long wakeAt = Long.MAX_VALUE;
    Action.Guard guard = new Action.Guard(Set.of(), 0);
    private final Deque<Event> events = new ArrayDeque<>();
    private final List<String> words = new ArrayList<>();
    private AgentMachine machine;

    /** One that looks at everything each time. */
    private AgentMachine thorough;

    private long lease;
    private long listing;

    Rig() {
        texts.put(hash(KEEPS), KEEPS);
        texts.put(hash(STOPS), STOPS);
        machine = new AgentMachine(MACHINE, FENCE, Map.of(), time());
        thorough = new AgentMachine(MACHINE, FENCE, Map.of(), time());
    }

    static String hash(String text) {
        return UnitFile.parse(text).hash();
    }

    /** The daemon begins anew, with what the diary says. */
    void restart() {
        events.clear();
        machine = new AgentMachine(MACHINE, FENCE, diary, time());
        thorough = new AgentMachine(MACHINE, FENCE, diary, time());
        on(new Event.Tick());
    }

    /** A machine in the cluster that was told nothing yet. */
    static Rig inCluster() {
        Rig rig = new Rig();
        rig.register();
        rig.words();
        return rig;
    }

    /** One that runs this unit. */
    static Rig running(String unit, String text) {
        Rig rig = inCluster();
        rig.tell(unit, text, JobState.LAUNCHED, 1);
        rig.words();
        return rig;
    }

    /** How often the machine's units have been seen to, all together. */
    long turns() {
        return machine.turns();
    }

    void register() {
        on(new Event.Registered(++lease, ++revision, now));
    }

    void renew() {
        on(new Event.Renewed(lease, now));
    }

    void lose() {
        on(new Event.LeaseLost(lease));
    }

    /** The cluster knows this text too. */
    String withText(String text) {
        texts.put(hash(text), text);
        return text;
    }

    /** The machine does not hear of it before it lists. */
    Assignment place(String unit, String text, JobState desired, long generation) {
        Assignment assignment = new Assignment(hash(text), desired, generation);
        placements.put(unit, new Told(assignment, ++revision));
        return assignment;
    }

    void tell(String unit, String text, JobState desired, long generation) {
        Assignment assignment = place(unit, text, desired, generation);
        on(
                new Event.Heard(
                        listing,
                        List.of(
                                new Change.Put(
                                        new Entry.OfPlacement(MACHINE, unit, assignment, 0),
                                        revision))));
    }

    void untell(String unit) {
        placements.remove(unit);
        revision++;
        on(
                new Event.Heard(
                        listing, List.of(new Change.Removed(new Key.OfPlacement(MACHINE, unit)))));
    }

    /** The unit is otherwise now, by itself or by somebody's hand. */
    void becomes(String unit, String active) {
        set(unit, active);
        drain();
    }

    void set(String unit, String active) {
        UnitState state = new UnitState(unit, "loaded", active, active, 0, "success");
        states.put(unit, state);
        events.add(new Event.Changed(state));
    }

    String active(String unit) {
        UnitState state = states.get(unit);
        return state == null ? "none" : state.active();
    }

    /** Time passes, and whatever falls due in it is seen to when it does. */
    void pass(long millis) {
        long end = now + millis;
        while (wakeAt <= end) {
            now = Math.max(now, wakeAt);
            wakeAt = Long.MAX_VALUE;
            on(new Event.Tick());
        }
        now = end;
    }

    /** The same while the lease is renewed as it should be. */
    void passInCluster(long millis) {
        for (long end = now + millis; now < end; ) {
            pass(Math.min(1_000, end - now));
            renew();
        }
    }

    void on(Event event) {
        events.add(event);
        drain();
    }

    /** What was done since this was last asked. */
    List<String> words() {
        List<String> all = List.copyOf(words);
        words.clear();
        return all;
    }

    private Now time() {
        return new Now(now, 0);
    }

    private void drain() {
        while (!events.isEmpty()) {
            wakeAt = Long.MAX_VALUE;
            Event event = events.remove();
            List<Action> actions = machine.on(event, time());
            thorough.everything();
            assertThat(actions)
                    .as("looking only at what %s concerns", event)
                    .isEqualTo(thorough.on(event, time()));
            actions.forEach(this::carryOut);
        }
    }

    private void carryOut(Action action) {
        switch (action) {
            case Action.WakeAt(long millis) -> wakeAt = millis;
            case Action.Left _ -> words.add("left");
            case Action.ListPlacements(long order) -> list(order);
            case Action.ReadTexts(long order, Set<String> hashes) -> {
                Map<String, String> found = new HashMap<>(texts);
                found.keySet().retainAll(hashes);
                events.add(
                        storeAnswers
                                ? new Event.TextsRead(order, found, "")
                                : new Event.TextsRead(order, Map.of(), "no answer"));
            }
            case Action.Load load -> load(load);
            case Action.Reload(long order) -> {
                words.add("reload");
                if (!reloads) {
                    return;
                }
                files.keySet().forEach(unit -> states.computeIfAbsent(unit, Rig::loaded));
                events.add(new Event.Reloaded(order, ""));
            }
            case Action.Order order -> order(order);
            case Action.Fetch fetch -> {
                words.add("fetch for " + fetch.unit());
                fetches.add(fetch);
            }
            case Action.Kill(String unit, String reason) -> {
                words.add("kill " + unit);
                set(unit, "inactive");
            }
            case Action.Discard(long order, String unit) -> {
                words.add("discard " + unit);
                files.remove(unit);
                diary.remove(unit);
                states.remove(unit);
                events.add(new Event.Discarded(order, unit, ""));
            }
            case Action.Probe probe -> {
                words.add("probe " + probe.unit());
                probes.add(probe.order());
                if (probesAnswer) {
                    String problem = problems.getOrDefault(probe.unit(), "");
                    events.add(new Event.Probed(probe.order(), probe.unit(), problem));
                }
            }
            case Action.Look(long order, Set<String> units) -> look(order, units);
            case Action.Note(String unit, Held as) -> diary.replace(unit, as);
            case Action.Guard next -> guard = next;
            case Action.Say say -> say(say);
            case Action.AskSaid(long order) ->
                    events.add(
                            new Event.SaidBefore(
                                    order,
                                    storeAnswers
                                            ? Optional.of(Set.copyOf(said.keySet()))
                                            : Optional.empty()));
        }
    }

    private static UnitState loaded(String unit) {
        return new UnitState(unit, "loaded", "inactive", "dead", 0, "success");
    }

    private void list(long order) {
        words.add("list");
        listing = order;
        if (storeAnswers) {
            answerListing(revision);
        }
    }

    /** As of that revision. */
    void answerListing(long ofRevision) {
        events.add(new Event.Listed(listing, Map.copyOf(placements), unreadable, ofRevision));
    }

    private void load(Action.Load load) {
        String problem = loadProblems.getOrDefault(load.unit(), "");
        if (problem.isEmpty()) {
            words.add("load " + load.unit());
            files.put(load.unit(), load.text());
            diary.put(load.unit(), load.as());
        }
        events.add(new Event.Loaded(load.order(), load.unit(), problem));
    }

    private void order(Action.Order order) {
        String unit = order.unit();
        words.add(order.verb().name().toLowerCase(Locale.ROOT) + " " + unit);
        if (deaf.contains(unit)) {
            return;
        }
        Optional<JobResult> outcome = outcomes.remove(unit);
        if (outcome == null) {
            switch (order.verb()) {
                case STOP -> set(unit, "inactive");
                case START -> set(unit, "active");
                default -> {
                    set(unit, "inactive");
                    set(unit, "active");
                }
            }
            outcome = Optional.of(JobResult.DONE);
        }
        events.add(new Event.Ended(order.order(), unit, outcome));
    }

    private void look(long order, Set<String> units) {
        Map<String, Event.Seen> seen = new HashMap<>();
        for (String unit : units) {
            seen.put(
                    unit,
                    new Event.Seen(
                            states.getOrDefault(unit, UnitState.notFound(unit)),
                            Optional.ofNullable(files.get(unit))));
        }
        events.add(new Event.Looked(order, seen));
    }

    private void say(Action.Say say) {
        if (storeAnswers) {
            say.entries()
                    .forEach((key, entry) ->
                            entry.ifPresentOrElse(
                                    its -> said.put(key, its), () -> said.remove(key)));
        }
        events.add(new Event.Said(say.order(), storeAnswers));
    }
}
