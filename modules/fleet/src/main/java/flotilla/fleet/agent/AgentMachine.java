package flotilla.fleet.agent;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Now;
import flotilla.fleet.job.PublishedState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One machine's agent: what happens comes in, what is to be done comes out. Pure: it knows no
 * clock, no thread, and neither store nor init.
 *
 * <ul>
 *   <li>The truth about units is the init's. It is looked at when the machine begins, at what the
 *       init has read after each reload, and now and then at all; the diary tells only which units
 *       are fleet's, of which text, and whether they were launched.
 *   <li>Nothing is brought, started or started anew unless the machine is sure ({@link Tenure}): in
 *       the cluster, and told what it is told by a listing from after it last was unsure. What is
 *       taken from it is given up at any time.
 *   <li>What it is told it may be told all at once, having been away: a unit starts when those that
 *       must not be beside it, by either text, have gone ({@link Leavers}).
 *   <li>While it can't renew its lease, units run on, except for those that must not run twice:
 *       they are stopped, and killed, in time before another machine may have them ({@link Fence}).
 *   <li>Only those units are seen to that something has happened to, or whose time has come ({@link
 *       Agenda}); all of them when what the machine is sure of changes.
 *   <li>Whatever took so long that the lease may have ended, this process stopped by a signal
 *       included, is noticed before anything else that happened meanwhile is heard.
 * </ul>
 */
public final class AgentMachine {
    /** Between two kills of what is still there, in milliseconds. */
    private static final long KILL_MILLIS = 500;

    private final String machineId;
    private final Tenure tenure;
    private final Notices notices = new Notices();
    private final Map<String, UnitLife> units = new TreeMap<>();
    private final Agenda agenda = new Agenda();
    private final Watchlist watchlist = new Watchlist();
    private final Leavers leavers = new Leavers();
    private final Texts texts = new Texts();
    private final Survey survey;
    private @Nullable Map<String, Told> told;
    private long listing;
    private long numbers;
    private long turns;
    private long killAgainAt = Long.MIN_VALUE;
    private long sureSince = Long.MAX_VALUE;
    private Mood mood = new Mood(false, false, false);
    private boolean timeIsOver;
    private boolean leaving;
    private boolean left;

    /** What the init was told last; null while it may hold what an earlier daemon told it. */
    private Action.@Nullable Guard guard;

    /** What each unit's turn goes by: with another one each has a turn. */
    private record Mood(boolean mayStart, boolean doubts, boolean leaves) {}

    /**
     * @param diary units that the init has from an earlier run in the same boot
     */
    public AgentMachine(String machineId, Fence fence, Map<String, Held> diary, Now now) {
        this.machineId = machineId;
        this.tenure = new Tenure(fence, now.monotonicMillis());
        diary.forEach((unit, held) -> units.put(unit, new UnitLife(unit, held)));
        this.survey = new Survey(diary.keySet(), now.monotonicMillis());
        everything();
    }

    /** Each unit is to be seen to, as if something had happened to all of them. */
    void everything() {
        agenda.addAll(units.keySet());
        if (told != null) {
            agenda.addAll(told.keySet());
        }
    }

    /** How often units have been seen to, all together. */
    long turns() {
        return turns;
    }

    /** What follows from an event: to be done in this order. */
    public List<Action> on(Event event, Now now) {
        Pass pass = new Pass(now.monotonicMillis(), () -> ++numbers, leavers);
        // Before the event itself: it may be from before the pause that is noticed only now.
        if (tenure.beginsToDoubt(pass.now())) {
            list(pass);
            units.values().forEach(life -> life.fence(pass));
            everything();
        }
        noteTime(pass);
        if (tenure.isSure()) {
            pass.sureFor(pass.now() - sureSince);
        }
        hear(event, pass);
        sureSince = tenure.isSure() ? Math.min(sureSince, pass.now()) : Long.MAX_VALUE;
        Mood next = new Mood(tenure.isSure() && !leaving, tenure.isDoubted(), leaving);
        if (!next.equals(mood)) {
            mood = next;
            everything();
        }
        if (survey.hasLooked()) {
            decide(pass);
        } else {
            agenda.due().forEach(unit -> watchlist.note(unit, units.get(unit)));
        }
        ask(pass);
        return pass.actions();
    }

    /** Whether the init has by now ended what must not run twice, unless it was told otherwise. */
    private void noteTime(Pass pass) {
        boolean isOver = tenure.isDoubted() && pass.now() >= tenure.killAt();
        if (isOver && !timeIsOver) {
            units.values().forEach(UnitLife::timeIsOver);
        }
        timeIsOver = isOver;
    }

    private void hear(Event event, Pass pass) {
        switch (event) {
            case Event.Registered registered -> {
                tenure.registered(registered);
                notices.anew(pass.now());
                list(pass);
            }
            case Event.Renewed renewed -> tenure.renewed(renewed, pass.now());
            case Event.LeaseLost lost -> {
                if (tenure.lost(lost.lease(), pass.now())) {
                    list(pass);
                }
            }
            case Event.Listed listed -> listed(listed, pass);
            case Event.Heard heard -> {
                if (heard.order() == listing) {
                    heard.changes().forEach(this::apply);
                }
            }
            case Event.TextsRead answer -> textsRead(answer, pass);
            case Event.Loaded outcome -> {
                turnOf(outcome.unit()).loaded(outcome, pass);
                if (outcome.problem().isEmpty()) {
                    survey.written(outcome.unit());
                }
            }
            case Event.Reloaded outcome -> reloaded(outcome, pass);
            case Event.Fetching(long order, String unit, String words) ->
                    known(unit).ifPresent(life -> life.init().supply().fetching(order, words));
            case Event.Fetched outcome ->
                    known(outcome.unit())
                            .ifPresent(life -> life.init().supply().fetched(outcome, pass));
            case Event.Holds(Set<String> images) -> holds(images);
            case Event.Ended outcome -> turnOf(outcome.unit()).ended(outcome, pass);
            case Event.Discarded outcome -> turnOf(outcome.unit()).discarded(outcome, pass);
            case Event.Probed answer ->
                    known(answer.unit())
                            .ifPresent(life -> life.init().pulse().probed(answer, pass));
            case Event.Looked answer -> looked(answer, pass);
            case Event.Said outcome -> notices.said(outcome, pass.now());
            case Event.SaidBefore outcome -> notices.before(outcome, pass.now());
            case Event.Changed changed ->
                    known(changed.state().name())
                            .ifPresent(life -> life.changed(changed.state(), pass));
            case Event.Leave _ -> leaving = true;
            case Event.Tick _ -> {
                // Time has passed: what is due is seen to below.
            }
        }
    }

    private void holds(Set<String> images) {
        if (images.isEmpty()) {
            notices.unsay(new Key.OfHolding(machineId));
        } else {
            notices.say(new Entry.OfHolding(machineId, images));
        }
    }

    private UnitLife of(String unit) {
        return units.computeIfAbsent(unit, name -> new UnitLife(name, null));
    }

    /** Something has happened to it: its turn comes. */
    private UnitLife turnOf(String unit) {
        agenda.add(unit);
        return of(unit);
    }

    private Optional<UnitLife> known(String unit) {
        return units.containsKey(unit) ? Optional.of(turnOf(unit)) : Optional.empty();
    }

    private void list(Pass pass) {
        listing = pass.number();
        pass.add(new Action.ListPlacements(listing));
    }

    private void listed(Event.Listed event, Pass pass) {
        if (event.order() != listing) {
            return;
        }
        if (!tenure.listed(event.revision())) {
            list(pass);
            return;
        }
        Map<String, Told> next = new TreeMap<>(event.told());
        for (String unit : event.unreadable()) {
            UnitLife life = units.get(unit);
            Held have = life == null ? null : life.held();
            if (have != null) {
                next.put(unit, have.asIs());
            }
        }
        everything(); // Also what was told before, and is not any more.
        told = next;
        everything();
    }

    private void apply(Change change) {
        Map<String, Told> known = told;
        if (known == null) {
            return;
        }
        if (change instanceof Change.Put(Entry.OfPlacement its, long revision)) {
            known.put(its.unit(), new Told(its.assignment(), revision));
            agenda.add(its.unit());
        } else if (change instanceof Change.Removed(Key.OfPlacement(String machine, String unit))) {
            known.remove(unit);
            agenda.add(unit);
        }
    }

    private void textsRead(Event.TextsRead answer, Pass pass) {
        pass.know(texts.read(answer, pass.now()));
        agenda.addAll(texts.waiting());
    }

    private void reloaded(Event.Reloaded outcome, Pass pass) {
        for (String unit : survey.reloaded(outcome, pass.now())) {
            UnitLife life = units.get(unit);
            if (life == null || life.reloaded(outcome.order())) {
                survey.isRead(unit);
            }
        }
    }

    private void looked(Event.Looked answer, Pass pass) {
        if (survey.looked(answer, pass.now())) {
            answer.units()
                    .forEach((unit, seen) -> known(unit).ifPresent(life -> life.seen(seen, pass)));
        }
    }

    private void decide(Pass pass) {
        if (mood.mayStart) {
            pass.permitStarts();
        }
        Map<String, Told> all = leaving ? Map.of() : told;
        Set<String> turn = new TreeSet<>(agenda.take(pass.now()));
        if (all != null) {
            // All of them, before any starts beside one; who waited has its turn too.
            turn.forEach(unit -> noteLeaver(unit, all.get(unit)));
            turn.addAll(agenda.take(pass.now()));
        }
        turns += turn.size();
        var _ = pass.takeWakeAt();
        if (all != null) {
            turn.forEach(unit -> decide(unit, all.get(unit), pass));
        }
        if (tenure.isDoubted()) {
            turn.forEach(unit -> fence(unit, pass));
        }
        turn.forEach(unit -> watchlist.note(unit, units.get(unit)));
        pass.wakeAt(agenda.nextMillis());
        if (tenure.isDoubted()) {
            kill(pass);
        } else {
            pass.wakeAt(tenure.stopAt());
            guard(pass);
        }
        if (leaving && !left && units.isEmpty()) {
            left = true;
            pass.add(new Action.Left());
        }
    }

    private void noteLeaver(String unit, @Nullable Told its) {
        UnitLife life = units.get(unit);
        if (life != null && life.isLeaving(its)) {
            leavers.leaves(unit, life.shunned());
        } else {
            agenda.addAll(leavers.gone(unit));
        }
    }

    private void decide(String unit, @Nullable Told its, Pass pass) {
        UnitLife life = of(unit);
        life.step(its, pass);
        agenda.wakeAt(unit, pass.takeWakeAt());
        texts.wish(unit, pass.takeWish());
        Optional<PublishedState> said = life.published(machineId);
        if (said.isPresent()) {
            notices.say(new Entry.OfState(said.get()));
        } else if (life.held() == null) {
            notices.unsay(new Key.OfState(machineId, unit));
        }
        if (its == null) {
            notices.unsay(new Key.OfAcknowledgement(machineId, unit));
        } else if (life.isSettled()) {
            its.answer(life.held(), life.init().pulse().health())
                    .ifPresent(answer ->
                            notices.say(new Entry.OfAcknowledgement(machineId, unit, answer)));
        }
        if (its == null && life.isGone()) {
            units.remove(unit);
        }
    }

    private void fence(String unit, Pass pass) {
        UnitLife life = units.get(unit);
        if (life != null) {
            life.fence(pass);
            agenda.wakeAt(unit, pass.takeWakeAt());
        }
    }

    private void kill(Pass pass) {
        long at = Math.max(tenure.killAt(), killAgainAt);
        if (pass.now() < at) {
            pass.wakeAt(at);
            return;
        }
        List<String> unwelcome = watchlist.unwelcome();
        for (String unit : unwelcome) {
            pass.add(new Action.Kill(unit, "this machine's lease is not renewed"));
        }
        if (!unwelcome.isEmpty()) {
            killAgainAt = pass.now() + KILL_MILLIS;
            pass.wakeAt(killAgainAt);
        }
    }

    /** Only under a lease: what an earlier run's guard says must not be put off. */
    private void guard(Pass pass) {
        if (tenure.lease().isEmpty()) {
            return;
        }
        Action.Guard next = new Action.Guard(watchlist.guarded(), tenure.killAt());
        boolean idle = guard != null && guard.units().isEmpty() && next.units().isEmpty();
        if (!idle && !next.equals(guard)) {
            guard = next;
            pass.addFirst(next);
        }
    }

    /** What there is to be found out, and to be said. */
    private void ask(Pass pass) {
        texts.ask(pass);
        survey.reload(watchlist.isWriting(), pass);
        survey.look(units.keySet(), pass);
        OptionalLong lease = tenure.lease();
        notices.send(lease, pass);
    }
}
