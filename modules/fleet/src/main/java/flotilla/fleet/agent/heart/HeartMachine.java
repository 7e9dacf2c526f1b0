package flotilla.fleet.agent.heart;

import flotilla.client.lease.Renewal;
import flotilla.fleet.agent.Event;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Strikes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one machine in the cluster: its key lives under a lease that is renewed three times per
 * TTL. A daemon that was restarted takes the key over from its predecessor, so that the cluster
 * sees no change, and one that is about to be has the machine count for longer without it; a lease
 * that was lost is replaced as soon as the store answers.
 *
 * <p>Two machines with one id would fight over units: the second one, known by another address or
 * host name, waits and says so for as long as the first is there.
 *
 * <p>Pure: it knows no clock, no thread and no store.
 */
public final class HeartMachine {
    /** Until it is tried again to get into the cluster, in milliseconds. */
    private static final long RETRY_MILLIS = 250;

    /** How often it is asked which members the store has, which seldom change; in milliseconds. */
    private static final long LEARN_MILLIS = 60_000;

    /** Until a question that nobody answered counts as failed; the store's client's own is less. */
    private static final long PATIENCE_MILLIS = 60_000;

    /**
     * How long it stands that a machine went in order: no death counts any more against what it was
     * told before, nor against what it was told while its units stopped.
     */
    private static final Duration GOODBYE = Strikes.PROBATION.multipliedBy(2);

    private final Machine machine;
    private final Duration ttl;
    private final Question entry = new Question();
    private final Question renewing = new Question();
    private State state = State.OUT;
    private long retryAt;
    private long learnAt;
    private @Nullable Lease lease;
    private @Nullable Lease longer;
    private Duration longest = Duration.ZERO;
    private long keyRevision;
    private boolean leaves;
    private long ending;
    private String complaint = "";
    private long numbers;
    private long wakeAt;
    private List<Step> steps = new ArrayList<>();

    private record Lease(long id, Renewal renewal) {}

    /**
     * @param ttl how long the machine counts after its last renewal; whole seconds
     */
    public HeartMachine(Machine machine, Duration ttl, long nowMillis) {
        this.machine = machine;
        this.ttl = ttl;
        this.retryAt = nowMillis;
        this.learnAt = nowMillis;
    }

    /**
     * What follows from what has happened: to be done in this order.
     *
     * @param nowMillis by a clock that only grows
     */
    public List<Step> on(Beat beat, long nowMillis) {
        steps = new ArrayList<>();
        wakeAt = Long.MAX_VALUE;
        hear(beat, nowMillis);
        forget(nowMillis);
        renew(nowMillis);
        enter(nowMillis);
        learn(nowMillis);
        if (wakeAt != Long.MAX_VALUE) {
            steps.add(new Step.WakeAt(wakeAt));
        }
        return List.copyOf(steps);
    }

    private void hear(Beat beat, long now) {
        switch (beat) {
            case Beat.Granted granted -> granted(granted, now);
            case Beat.Found found -> {
                if (entry.answered(found.order())) {
                    found(found.there(), now);
                }
            }
            case Beat.Announced announced -> {
                if (entry.answered(announced.order())) {
                    announced(announced.revision());
                }
            }
            case Beat.Overtaken overtaken -> {
                if (entry.answered(overtaken.order())) {
                    overtaken(now);
                }
            }
            case Beat.Renewed renewed -> renewed(renewed, now);
            case Beat.Failed failed -> failed(failed, now);
            case Beat.LeavingSaid _ -> steps.add(new Step.Left());
            case Beat.GivenBack(long order) -> {
                if (order == ending) {
                    steps.add(new Step.Ended());
                }
            }
            case Beat.Leave(boolean stopped) -> leave(stopped);
            case Beat.Stay(Duration time) -> stay(time, now);
            case Beat.End(boolean giveBack) -> end(giveBack);
            case Beat.Tick _ -> {
                // Time has passed: what is due is seen to afterwards.
            }
        }
    }

    private void granted(Beat.Granted granted, long now) {
        long asked = entry.askedMillis();
        if (!entry.answered(granted.order())) {
            // Nobody waits for it any more.
            steps.add(new Step.GiveBack(++numbers, granted.lease()));
            return;
        }
        if (state == State.STAYING) {
            longer = new Lease(granted.lease(), new Renewal(asked, longest.toMillis()));
            announce(granted.lease(), keyRevision, now);
            return;
        }
        lease = new Lease(granted.lease(), new Renewal(asked, ttl.toMillis()));
        state = State.FINDING;
        long order = entry.ask(++numbers, now);
        steps.add(new Step.Find(order, new Key.OfMachine(machine.id())));
    }

    private void found(Optional<Stored> there, long now) {
        Lease held = lease;
        if (held == null) {
            return;
        }
        if (there.isPresent()
                && there.get().entry() instanceof Entry.OfMachine(Machine other)
                && !isSameHost(other)) {
            complain(
                    "machine id %s is in use by %s (%s): give this machine an id of its own"
                            .formatted(machine.id(), other.label(), other.publicIp()));
            giveBack(now);
            return;
        }
        state = State.ANNOUNCING;
        announce(held.id(), there.map(Stored::revision).orElse(0L), now);
    }

    private void announce(long under, long revision, long now) {
        long order = entry.ask(++numbers, now);
        steps.add(new Step.Announce(order, new Entry.OfMachine(machine), under, revision));
    }

    private boolean isSameHost(Machine other) {
        return other.publicIp().equals(machine.publicIp())
                && other.hostname().equals(machine.hostname());
    }

    private void announced(long revision) {
        Lease next = longer;
        boolean stays = state == State.STAYING && next != null;
        if (stays) {
            abandon();
            lease = next;
        }
        Lease held = lease;
        if (held != null) {
            state = State.IN;
            keyRevision = revision;
            complaint = "";
            long sent = held.renewal().sentMillis();
            steps.add(new Step.Tell(new Event.Registered(held.id(), revision, sent)));
        }
        if (stays) {
            steps.add(new Step.Left());
        }
    }

    private void overtaken(long now) {
        if (!givesUpStaying()) {
            complain("machine id " + machine.id() + " changed meanwhile; trying on");
            giveBack(now);
        }
    }

    private void renewed(Beat.Renewed renewed, long now) {
        Lease held = lease;
        long asked = renewing.askedMillis();
        if (!renewing.answered(renewed.order()) || held == null) {
            return;
        }
        held.renewal().renewed(asked, renewed.leftMillis(), now);
        if (state == State.IN && !held.renewal().isLost()) {
            steps.add(new Step.Tell(new Event.Renewed(held.id(), asked)));
        }
        dropIfLost(now);
    }

    private void failed(Beat.Failed failed, long now) {
        Lease held = lease;
        if (renewing.answered(failed.order())) {
            if (held != null) {
                held.renewal().failed(now);
                dropIfLost(now);
            }
        } else if (entry.answered(failed.order())) {
            if (givesUpStaying()) {
                return;
            }
            complain(
                    "can't register machine %s, trying on: %s"
                            .formatted(machine.id(), failed.problem()));
            abandon();
            out(now);
        }
    }

    private void dropIfLost(long now) {
        Lease held = lease;
        if (held == null || !held.renewal().isLost()) {
            return;
        }
        boolean was = state == State.IN || state == State.STAYING;
        givesUpStaying();
        abandon();
        out(now);
        if (was) {
            steps.add(new Step.Tell(new Event.LeaseLost(held.id())));
            retryAt = now;
        }
    }

    /** What nobody has answered for so long is not waited for. */
    private void forget(long now) {
        for (Question question : List.of(renewing, entry)) {
            if (question.isOut() && now - question.askedMillis() >= PATIENCE_MILLIS) {
                failed(new Beat.Failed(question.order(), "no answer"), now);
            }
            if (question.isOut()) {
                wakeAt = Math.min(wakeAt, question.askedMillis() + PATIENCE_MILLIS);
            }
        }
    }

    private void renew(long now) {
        Lease held = lease;
        if (held == null || renewing.isOut()) {
            return;
        }
        Renewal renewal = held.renewal();
        if (renewal.isDue(now)) {
            long order = renewing.ask(++numbers, now);
            steps.add(new Step.Renew(order, held.id(), renewal.patienceMillis()));
        } else {
            wakeAt = Math.min(wakeAt, renewal.dueMillis());
        }
    }

    private void enter(long now) {
        if (state != State.OUT) {
            return;
        }
        if (leaves) {
            state = State.OVER;
        } else if (now >= retryAt) {
            state = State.GRANTING;
            steps.add(new Step.Grant(entry.ask(++numbers, now), ttl));
        } else {
            wakeAt = Math.min(wakeAt, retryAt);
        }
    }

    private void learn(long now) {
        if (state != State.IN) {
            return;
        }
        if (now >= learnAt) {
            learnAt = now + LEARN_MILLIS;
            steps.add(new Step.LearnMembers());
        }
        wakeAt = Math.min(wakeAt, learnAt);
    }

    /**
     * What must not run twice is not given more time: it ends by the lease before. So it does not
     * matter whether the key was written, should nobody know.
     */
    private void stay(Duration time, long now) {
        if (state == State.IN) {
            state = State.STAYING;
            longest = time;
            steps.add(new Step.Grant(entry.ask(++numbers, now), time));
        } else {
            steps.add(new Step.Left());
        }
    }

    /** The daemon that goes waits no longer; as after a crash its key is left to the lease. */
    private boolean givesUpStaying() {
        boolean stays = state == State.STAYING;
        if (stays) {
            state = State.IN;
            steps.add(new Step.Left());
        }
        return stays;
    }

    private void leave(boolean stopped) {
        leaves = true;
        if (state == State.IN) {
            Entry.OfLeaving how = new Entry.OfLeaving(machine.id(), stopped);
            steps.add(new Step.SayLeaving(how, GOODBYE, keyRevision));
        } else {
            steps.add(new Step.Left());
        }
    }

    private void end(boolean giveBack) {
        Lease held = lease;
        leaves = true;
        state = State.OVER;
        entry.forget();
        if (giveBack && held != null) {
            lease = null;
            renewing.forget();
            ending = ++numbers;
            steps.add(new Step.GiveBack(ending, held.id()));
        } else {
            abandon();
            steps.add(new Step.Ended());
        }
    }

    /** The store may end it: nothing of this machine's stands under it. */
    private void giveBack(long now) {
        Lease held = lease;
        lease = null;
        renewing.forget();
        if (held != null) {
            steps.add(new Step.GiveBack(++numbers, held.id()));
        }
        out(now);
    }

    private void abandon() {
        Lease held = lease;
        lease = null;
        renewing.forget();
        if (held != null) {
            steps.add(new Step.Abandon(held.id()));
        }
    }

    private void out(long now) {
        entry.forget();
        state = State.OUT;
        retryAt = now + RETRY_MILLIS;
    }

    private void complain(String words) {
        if (!words.equals(complaint)) {
            complaint = words;
            steps.add(new Step.Complain(words));
        }
    }
}
