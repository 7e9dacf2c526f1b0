package flotilla.fleet.agent;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Now;
import flotilla.fleet.job.PublishedState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One machine's agent: what happens comes in, what is to be done comes out. Pure: it knows no
 * clock, no thread, and neither store nor init.
 *
 * <ul>
 *   <li>The truth about units is the init's. It is looked at when the machine begins, after each
 *       reload, and now and then; the diary tells only which units are fleet's, of which text, and
 *       whether they were launched.
 *   <li>Nothing is brought, started or started anew unless the machine is sure ({@link Tenure}): in
 *       the cluster, and told what it is told by a listing from after it last was unsure. What is
 *       taken from it is given up at any time.
 *   <li>While it can't renew its lease, units run on, except for those that must not run twice:
 *       they are stopped, and killed, in time before another machine may have them ({@link Fence}).
 *   <li>Whatever took so long that the lease may have ended, this process stopped by a signal
 *       included, is noticed before anything else that happened meanwhile is heard.
 * </ul>
 */
public final class AgentMachine {
    /** Between two looks at the init when nothing happens, in milliseconds. */
    private static final long LOOK_MILLIS = 30_000;

    /** Between two looks at an init that does not answer, or that is to be looked at soon. */
    private static final long LOOK_SOON_MILLIS = 1_000;

    /** Until a question that nobody answered is asked again, in milliseconds. */
    private static final long PATIENCE_MILLIS = 60_000;

    /** Between two kills of what is still there, in milliseconds. */
    private static final long KILL_MILLIS = 500;

    private final String machineId;
    private final Tenure tenure;
    private final Notices notices = new Notices();
    private final Map<String, UnitLife> units = new TreeMap<>();
    private final Map<String, Optional<String>> texts = new HashMap<>();
    private Set<String> asked = Set.of();
    private final Question look = new Question();
    private final Question read = new Question();
    private final Question reload = new Question();
    private @Nullable Map<String, Told> told;
    private long lookAt;
    private boolean looked;
    private boolean reloadIsDue;
    private long listing;
    private long numbers;
    private long killAgainAt = Long.MIN_VALUE;
    private long sureSince = Long.MAX_VALUE;
    private boolean leaving;
    private boolean left;

    /** What the init was told last; null while it may hold what an earlier daemon told it. */
    private Action.@Nullable Guard guard;

    /**
     * @param diary units that the init has from an earlier run in the same boot
     */
    public AgentMachine(String machineId, Fence fence, Map<String, Held> diary, Now now) {
        this.machineId = machineId;
        this.tenure = new Tenure(fence, now.monotonicMillis());
        diary.forEach((unit, held) -> units.put(unit, new UnitLife(unit, held)));
        this.looked = diary.isEmpty();
        this.reloadIsDue = !diary.isEmpty();
        this.lookAt = now.monotonicMillis();
    }

    /** One question that is out at a time, and asked again when nobody answers. */
    private static final class Question {
        private final BackOff backOff = new BackOff();
        private long order;
        private long dueMillis;

        /** Whether it can be asked now. */
        boolean isFree(Pass pass) {
            if (isForgotten(pass)) {
                order = 0;
            }
            if (order != 0) {
                pass.wakeAt(dueMillis);
            }
            return order == 0 && !backOff.holds(pass);
        }

        /** Whether it was asked, and nobody answered in time. */
        boolean isForgotten(Pass pass) {
            return order != 0 && pass.now() >= dueMillis;
        }

        long ask(Pass pass) {
            order = pass.number();
            dueMillis = pass.now() + PATIENCE_MILLIS;
            return order;
        }

        /** False for the answer to another one. */
        boolean answered(long number, boolean well, long now) {
            if (number != order) {
                return false;
            }
            order = 0;
            if (well) {
                backOff.succeeded();
            } else {
                backOff.failed(now);
            }
            return true;
        }
    }

    /** What follows from an event: to be done in this order. */
    public List<Action> on(Event event, Now now) {
        Pass pass = new Pass(now.monotonicMillis(), () -> ++numbers, texts);
        // Before the event itself: it may be from before the pause that is noticed only now.
        if (tenure.beginsToDoubt(pass.now())) {
            list(pass);
            fence(pass);
        }
        sureSince = tenure.isSure() ? Math.min(sureSince, pass.now()) : Long.MAX_VALUE;
        if (tenure.isSure()) {
            pass.sureFor(pass.now() - sureSince);
        }
        hear(event, pass);
        if (looked) {
            decide(pass);
        }
        ask(pass);
        return pass.actions();
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
            case Event.Loaded outcome -> of(outcome.unit()).loaded(outcome, pass);
            case Event.Reloaded outcome -> reloaded(outcome, pass);
            case Event.Ended outcome -> of(outcome.unit()).ended(outcome, pass);
            case Event.Discarded outcome -> of(outcome.unit()).discarded(outcome, pass);
            case Event.Probed answer -> {
                UnitLife life = units.get(answer.unit());
                if (life != null) {
                    life.pulse().probed(answer, pass);
                }
            }
            case Event.Looked answer -> looked(answer, pass);
            case Event.Said outcome -> notices.said(outcome, pass.now());
            case Event.SaidBefore outcome -> notices.before(outcome, pass.now());
            case Event.Changed changed -> {
                UnitLife life = units.get(changed.state().name());
                if (life != null) {
                    life.changed(changed.state(), pass);
                }
            }
            case Event.Leave _ -> leaving = true;
            case Event.Tick _ -> {
                // Time has passed: what is due is seen to below.
            }
        }
    }

    private UnitLife of(String unit) {
        return units.computeIfAbsent(unit, name -> new UnitLife(name, null));
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
        told = next;
    }

    private void apply(Change change) {
        Map<String, Told> known = told;
        if (known == null) {
            return;
        }
        if (change instanceof Change.Put(Entry.OfPlacement its, long revision)) {
            known.put(its.unit(), new Told(its.assignment(), revision));
        } else if (change instanceof Change.Removed(Key.OfPlacement(String machine, String unit))) {
            known.remove(unit);
        }
    }

    private void textsRead(Event.TextsRead answer, Pass pass) {
        boolean well = answer.problem().isEmpty();
        if (read.answered(answer.order(), well, pass.now()) && well) {
            asked.forEach(hash -> texts.put(hash, Optional.ofNullable(answer.texts().get(hash))));
        }
    }

    private void reloaded(Event.Reloaded outcome, Pass pass) {
        boolean well = outcome.problem().isEmpty();
        if (!reload.answered(outcome.order(), well, pass.now())) {
            return;
        }
        if (well) {
            units.values().forEach(life -> life.reloaded(outcome.order()));
            lookAt = pass.now();
        } else {
            reloadIsDue = true;
        }
    }

    private void looked(Event.Looked answer, Pass pass) {
        boolean well = !answer.units().isEmpty();
        if (!look.answered(answer.order(), well, pass.now())) {
            return;
        }
        lookAt = pass.now() + (well ? LOOK_MILLIS : LOOK_SOON_MILLIS);
        looked = looked || well;
        answer.units()
                .forEach((unit, seen) -> {
                    UnitLife life = units.get(unit);
                    if (life != null) {
                        life.seen(seen, pass);
                    }
                });
    }

    private void decide(Pass pass) {
        if (tenure.isSure() && !leaving) {
            pass.permitStarts();
        }
        Map<String, Told> all = leaving ? Map.of() : told;
        if (all != null) {
            Set<String> names = new TreeSet<>(units.keySet());
            names.addAll(all.keySet());
            names.forEach(unit -> decide(unit, all.get(unit), pass));
        }
        if (tenure.isDoubted()) {
            fence(pass);
            kill(pass);
        } else {
            pass.wakeAt(tenure.stopAt());
            guard(pass);
        }
        if (leaving && !left && units.values().stream().allMatch(UnitLife::isGone)) {
            left = true;
            pass.add(new Action.Left());
        }
    }

    private void decide(String unit, @Nullable Told its, Pass pass) {
        UnitLife life = of(unit);
        life.step(its, pass);
        Optional<PublishedState> said = life.published(machineId);
        if (said.isPresent()) {
            notices.say(new Entry.OfState(said.get()));
        } else if (life.held() == null) {
            notices.unsay(new Key.OfState(machineId, unit));
        }
        if (its == null) {
            notices.unsay(new Key.OfAcknowledgement(machineId, unit));
        } else if (life.isSettled()) {
            its.answer(life.held(), life.pulse().health())
                    .ifPresent(answer ->
                            notices.say(new Entry.OfAcknowledgement(machineId, unit, answer)));
        }
        if (its == null && life.isGone()) {
            units.remove(unit);
        }
    }

    private void fence(Pass pass) {
        units.values().forEach(life -> life.fence(pass));
    }

    private void kill(Pass pass) {
        long at = Math.max(tenure.killAt(), killAgainAt);
        if (pass.now() < at) {
            pass.wakeAt(at);
            return;
        }
        int before = pass.count();
        units.values().forEach(life -> life.killWhatMayNotRun(pass));
        if (pass.count() > before) {
            killAgainAt = pass.now() + KILL_MILLIS;
            pass.wakeAt(killAgainAt);
        }
    }

    /** Only under a lease: what an earlier run's guard says must not be put off. */
    private void guard(Pass pass) {
        if (tenure.lease().isEmpty()) {
            return;
        }
        Set<String> guarded =
                units.entrySet().stream()
                        .filter(unit -> unit.getValue().isGuarded())
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toCollection(TreeSet::new));
        Action.Guard next = new Action.Guard(guarded, tenure.killAt());
        boolean idle = guard != null && guard.units().isEmpty() && guarded.isEmpty();
        if (!idle && !next.equals(guard)) {
            guard = next;
            pass.addFirst(next);
        }
    }

    /** What there is to be found out, and to be said. */
    private void ask(Pass pass) {
        texts.keySet().retainAll(pass.wishes());
        Set<String> missing = new TreeSet<>(pass.wishes());
        missing.removeAll(texts.keySet());
        if (!missing.isEmpty() && read.isFree(pass)) {
            asked = missing;
            pass.add(new Action.ReadTexts(read.ask(pass), missing));
        }
        reloadIsDue = reloadIsDue || pass.wantsReload() || reload.isForgotten(pass);
        boolean writing = units.values().stream().anyMatch(UnitLife::isBeingWritten);
        if (reloadIsDue && !writing && reload.isFree(pass)) {
            reloadIsDue = false;
            pass.add(new Action.Reload(reload.ask(pass)));
        }
        if (pass.wantsLook()) {
            lookAt = Math.min(lookAt, pass.now() + LOOK_SOON_MILLIS);
        }
        if (!units.isEmpty()) {
            look(pass);
        }
        OptionalLong lease = tenure.lease();
        notices.send(lease, pass);
    }

    private void look(Pass pass) {
        if (pass.now() < lookAt) {
            pass.wakeAt(lookAt);
        } else if (look.isFree(pass)) {
            pass.add(new Action.Look(look.ask(pass), Set.copyOf(units.keySet())));
        }
    }
}
