package flotilla.fleet.agent;

import flotilla.fleet.agent.Held.Phase;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.OnLost;
import flotilla.fleet.job.OwnUnits;
import flotilla.fleet.job.PublishedState;
import flotilla.machine.Init.JobResult;
import flotilla.machine.Init.JobVerb;
import flotilla.machine.UnitState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One unit on this machine, from its first word to its last: what is wanted of it against what the
 * init has of it.
 *
 * <p>A unit is started once, when it is launched: one that fails or ends later is the business of
 * its own {@code Restart=}, and one that somebody stopped by hand stays stopped. At another
 * generation it is started anew. Another text means unloading first: the old process is gone before
 * the new one starts. It waits for others that must have gone before it ({@link Leavers}), and they
 * for nobody. What could not be ordered, and what nobody heard of again, is tried again; what stops
 * too slowly is asked again and killed in the end.
 */
final class UnitLife {
    private final String name;
    private final InitView init;
    private final BackOff backOff = new BackOff();
    private final Limit limit;
    private @Nullable Held held;
    private @Nullable Work work;
    private String loadError = "";
    private String wantedHash = "";
    private long toldRevision = Told.UNREAD;

    UnitLife(String name, @Nullable Held held) {
        this.name = name;
        this.held = held;
        boolean inherited = held != null;
        this.limit = new Limit(inherited);
        this.init = new InitView(name, inherited);
    }

    @Nullable Held held() {
        return held;
    }

    /** Nothing is left of it, and nothing goes on. */
    boolean isGone() {
        return held == null && work == null;
    }

    boolean isBeingWritten() {
        return work != null && work.kind() == Work.Kind.WRITE;
    }

    /** Whether it must not run while the machine is not sure to be in the cluster. */
    boolean isGuarded() {
        Held have = held;
        return have != null
                && init.onLost() == OnLost.STOP
                && (have.isLaunched() || !init.isOver());
    }

    /** Whether it is here, and to go: for good, or to make room for another text of it. */
    boolean isLeaving(@Nullable Told told) {
        return held != null && !Told.isToStay(told, held);
    }

    /** Globs of units that must not be beside it, by the text that it has here. */
    List<String> shunned() {
        return init.shunned();
    }

    // What is wanted

    /** A second one would do nothing: what is waited for wakes the pass, or is an event. */
    void step(@Nullable Told told, Pass pass) {
        hear(told);
        limit.wantLook(pass);
        if (work != null && work.isStart() && held != null && !Told.isWanted(told)) {
            adjust(held, told, pass); // A start may take long: it is not waited for.
        } else if (work != null) {
            seeTo(work, pass);
        }
        if (work == null && !backOff.holds(pass)) {
            if (held == null) {
                bring(told, pass);
            } else {
                adjust(held, told, pass);
            }
            var _ = backOff.holds(pass); // It may have failed just now.
        }
        if (work != null) {
            pass.wakeAt(work.dueMillis());
        }
        init.pulse().feel(held != null && held.isLaunched() && isSettled(), init, pass);
    }

    InitView init() {
        return init;
    }

    /** Another word is tried at once, and one that is taken back leaves no complaint. */
    private void hear(@Nullable Told told) {
        long revision = told == null ? Told.UNREAD : told.revision();
        if (revision != toldRevision) {
            toldRevision = revision;
            backOff.succeeded();
            init.supply().forget();
        }
        if (!Told.isWanted(told)) {
            loadError = "";
        }
    }

    private void bring(@Nullable Told told, Pass pass) {
        if (told == null || !Told.isWanted(told)) {
            return;
        }
        Assignment want = told.assignment();
        wantedHash = want.hash();
        // Again, as whoever wrote the store may not have asked the API.
        Optional<String> own = OwnUnits.refusal(name);
        if (own.isPresent()) {
            loadError = own.get();
        } else if (pass.mayStart()) {
            init.forget();
            Held as = new Held(want.hash(), Phase.LOADED, want.generation());
            write(as, pass, "new on this machine");
        }
    }

    private void adjust(Held have, @Nullable Told told, Pass pass) {
        if (told == null || !Told.isWanted(told)) {
            unload(have, pass, told == null ? "no longer this machine's" : "withdrawn");
            return;
        }
        Assignment want = told.assignment();
        if (pass.mayStart() && !want.hash().equals(have.hash())) {
            unload(have, pass, "loaded, but its text differs");
        } else if (want.desired() == JobState.LOADED && have.isLaunched()) {
            stop(have.in(Phase.LOADED, want.generation()), pass, "launched, but wanted loaded");
        } else if (pass.mayStart() && !init.fileIsRight()) {
            write(have, pass, "its file was removed or changed");
        } else if (pass.mayStart()
                && init.isKnown()
                && !have.isAs(want)
                && want.desired() == JobState.LAUNCHED
                && !pass.isHeldUp(name, init.shunned())
                && init.isSupplied(pass)) {
            start(have, want, pass);
        }
    }

    private void write(Held as, Pass pass, String reason) {
        Optional<String> its = init.text().or(() -> pass.text(as.hash()));
        if (its.isEmpty()) {
            if (pass.isMissing(as.hash())) {
                failed("the text " + as.hash() + " of " + name + " is not in the store", pass);
            }
            return;
        }
        long order = pass.number();
        work = Work.begun(Work.Kind.WRITE, order, pass.now(), as);
        init.brings(its.get());
        pass.add(new Action.Load(order, name, as, its.get(), reason));
    }

    private void start(Held have, Assignment want, Pass pass) {
        boolean anew = have.isLaunched();
        Work.Kind kind = anew ? Work.Kind.RESTART : Work.Kind.START;
        begin(kind, have, pass, anew ? "asked for anew" : "wanted launched");
        note(have.in(Phase.LAUNCHED, want.generation()), pass);
    }

    private void stop(Held as, Pass pass, String reason) {
        begin(Work.Kind.STOP, as, pass, reason);
        note(as, pass);
    }

    /** Noted as no longer launched: who is wanted again by a daemon that restarts is started. */
    private void unload(Held have, Pass pass, String reason) {
        Held as = have.in(Phase.LOADED);
        begin(Work.Kind.UNLOAD, as, pass, reason);
        note(as, pass);
    }

    private void begin(Work.Kind kind, Held before, Pass pass, String reason) {
        long order = pass.number();
        work = Work.begun(kind, order, pass.now(), before);
        pass.wakeAt(work.dueMillis());
        pass.add(new Action.Order(order, kind.verb(), name, reason));
    }

    private void note(Held as, Pass pass) {
        if (!as.equals(held)) {
            held = as;
            pass.add(new Action.Note(name, as));
        }
    }

    // The fence

    /** The machine is not sure to be in the cluster any more. */
    void fence(Pass pass) {
        Held have = held;
        boolean runs = !init.isOver() || (work != null && work.isStart());
        boolean must = init.onLost() == OnLost.STOP && runs && (work == null || !work.isStop());
        if (have != null && must && limit.stopsNow(pass)) {
            stop(have.in(Phase.LOADED), pass, "this machine's lease is not renewed");
        }
    }

    /** The time is over up to which the init lets run what must not run twice. */
    void timeIsOver() {
        if (isGuarded()) {
            limit.isOver();
        }
    }

    /** Whether it is there and must not be, if the machine is not sure to be in the cluster. */
    boolean mustEnd() {
        return held != null && init.onLost() == OnLost.STOP && !init.isOver();
    }

    // Outcomes

    void loaded(Event.Loaded outcome, Pass pass) {
        Work mine = work;
        boolean expected = mine != null && mine.order() == outcome.order();
        if (expected && !outcome.problem().isEmpty()) {
            failed(outcome.problem(), pass);
        }
        if (!outcome.problem().isEmpty()) {
            return;
        }
        init.written(outcome.order());
        loadError = "";
        pass.wantReload();
        if (mine != null && expected) {
            held = held == null ? mine.before() : held;
            done();
        }
    }

    /** The init has read all files from before this order: whether its own is among them. */
    boolean reloaded(long order) {
        return init.reloaded(order);
    }

    void ended(Event.Ended outcome, Pass pass) {
        Work mine = work;
        if (mine == null || mine.order() != outcome.order()) {
            return;
        }
        JobResult result = outcome.result().orElse(null);
        if (mine.isStop()) {
            if (result == JobResult.DONE || result == JobResult.NOT_LOADED) {
                stopped(mine, pass);
            } else {
                work = mine.failed(pass.now());
            }
        } else if (result == null || (result == JobResult.NOT_LOADED && !init.isRefused())) {
            pass.wantLook();
            notStarted(mine, pass);
        } else {
            done();
        }
    }

    private void notStarted(Work mine, Pass pass) {
        Held before = mine.before();
        work = null;
        backOff.failed(pass.now());
        if (before != null) {
            note(before, pass);
        }
    }

    private void stopped(Work mine, Pass pass) {
        done();
        if (!init.isOver()) {
            pass.wantLook();
        }
        if (mine.kind() == Work.Kind.UNLOAD) {
            discard(pass);
        }
    }

    private void discard(Pass pass) {
        work = Work.begun(Work.Kind.DISCARD, pass.number(), pass.now(), held);
        pass.add(new Action.Discard(work.order(), name));
    }

    void discarded(Event.Discarded outcome, Pass pass) {
        if (work == null || work.order() != outcome.order()) {
            return;
        }
        if (!outcome.problem().isEmpty()) {
            work = work.failed(pass.now());
            return;
        }
        held = null;
        init.forget();
        done();
        pass.wantReload();
    }

    private void done() {
        work = null;
        backOff.succeeded();
    }

    private void failed(String problem, Pass pass) {
        work = null;
        loadError = problem;
        backOff.failed(pass.now());
    }

    /** No outcome has come for long, or one that was no good. */
    private void seeTo(Work mine, Pass pass) {
        if (pass.now() < mine.dueMillis()) {
            return;
        }
        switch (mine.kind()) {
            case WRITE -> failed("nobody knows whether its file was written", pass);
            case DISCARD -> discard(pass);
            case START, RESTART -> {
                if (init.isOnTheWay()) {
                    work = mine.waitsOn(pass.now()); // On its way, by the init's own limits.
                } else if (mine.seenUp()
                        || (mine.kind() == Work.Kind.START && init.state().isActive())) {
                    done();
                } else {
                    notStarted(mine, pass);
                }
            }
            case STOP, UNLOAD -> {
                if (mine.order() != 0 && init.isOver()) {
                    stopped(mine, pass);
                } else {
                    stopAgain(mine, pass);
                }
            }
        }
    }

    private void stopAgain(Work mine, Pass pass) {
        String reason = "asked " + mine.tries() + " times, and has not stopped";
        if (mine.isAskedInVain()) {
            pass.add(new Action.Kill(name, reason));
        }
        work = mine.again(pass.number(), pass.now());
        pass.add(new Action.Order(work.order(), JobVerb.STOP, name, reason));
    }

    void changed(UnitState now, Pass pass) {
        init.is(now);
        noteEnd(pass, false);
        if (work != null && !init.isOver() && !now.active().equals("deactivating")) {
            work = work.up();
        }
    }

    void seen(Event.Seen seen, Pass pass) {
        init.is(seen.state());
        Held have = held;
        boolean settled = work == null || work.isStart();
        if (have != null && settled) {
            init.file(seen.text(), have.hash());
        }
        noteEnd(pass, true);
        limit.looked(pass);
    }

    private void noteEnd(Pass pass, boolean isFresh) {
        if (held != null && held.isLaunched() && work == null && init.isKnown()) {
            note(limit.seen(held, init, isFresh, pass), pass);
        }
    }

    /** What is said of it; empty while there is nothing to be said. */
    Optional<PublishedState> published(String machineId) {
        if (held != null) {
            return init.published(held, machineId);
        }
        return Optional.of(loadError)
                .filter(why -> !why.isEmpty())
                .map(why -> PublishedState.unloadable(name, machineId, wantedHash, why));
    }

    /** Whether all that was ordered has come to its end. */
    boolean isSettled() {
        return work == null && !init.supply().isUnderWay();
    }
}
