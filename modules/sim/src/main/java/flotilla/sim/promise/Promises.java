package flotilla.sim.promise;

import flotilla.raft.message.Message;
import flotilla.sim.check.Operation;
import flotilla.sim.model.Answer;
import flotilla.sim.model.Answer.Item;
import flotilla.sim.model.Contents;
import flotilla.sim.model.Request;
import flotilla.sim.world.World;
import flotilla.store.command.Command;
import flotilla.store.log.RaftStatus;
import flotilla.store.log.StateMachine;
import flotilla.store.view.EtcdStateMachine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All that was promised in one run, and what it is checked against. */
public final class Promises {
    private final World world;
    private final Rot rot;
    private final Ledger ledger;
    private final Votes votes;
    private final LeaseTimes leases;
    private final Map<Long, RaftStatus> statuses = new HashMap<>();
    private final History history;
    private final Map<Request, Answer> applied = new HashMap<>();
    private final Set<Request> refused = new HashSet<>();
    private long acknowledged;
    private long told = 1;
    private long elections;
    private long highestTerm;

    public Promises(World world) {
        this.world = world;
        this.rot = new Rot(world);
        this.ledger = new Ledger(world, rot);
        this.votes = new Votes(world);
        this.leases = new LeaseTimes(world);
        this.history = new History(world);
        ledger.onFirst((command, _, answer) -> {
            if (!(answer instanceof Answer.Refused)) {
                leases.applied(command, world.now());
            }
        });
        ledger.onFirst(this::note);
    }

    private void note(Command command, Request request, Answer answer) {
        world.note("applied", request.hashCode());
        if (applied.put(request, answer) != null && History.isUnique(request)) {
            throw world.broken("what is asked for once is done once", "%s", request);
        }
        if (refused.contains(request)) {
            throw world.broken("what is refused is not done", "%s", request);
        }
        if (command.getOnlyInTerm() != 0 && request instanceof Request.Revoke) {
            history.happened(request, answer);
        }
    }

    // The members

    /**
     * What a member's log sees of its state, watched.
     *
     * @param reads up to which feature level its program reads
     */
    public StateMachine watched(long member, int reads, EtcdStateMachine machine) {
        return new Witness(
                new Witness.Whose(member, reads), machine, new Witness.Books(world, ledger, rot));
    }

    /** Whose state is another one. */
    public Rot rot() {
        return rot;
    }

    public void sent(Message message) {
        votes.sent(message);
    }

    public void received(Message message) {
        votes.received(message);
    }

    /** A member's disk was replaced. */
    public void forget(long member) {
        votes.forget(member);
    }

    /** A member's process has ended. */
    public void ended(long member) {
        statuses.remove(member);
    }

    /** How a member sees the cluster, after an event. */
    public void stands(RaftStatus now) {
        RaftStatus before = statuses.put(now.memberId(), now);
        if (now.equals(before)) {
            return;
        }
        if (now.isLeader()) {
            votes.leads(now.memberId(), now.term());
            if (before == null || before.term() != now.term() || !before.isLeader()) {
                ledger.before(
                        now.term(),
                        (term, index) -> votes.leadsWith(now.memberId(), now.term(), term, index));
            }
        }
        if (now.term() > highestTerm) {
            highestTerm = now.term();
            elections++;
        }
        if (now.appliedIndex() > now.committedIndex()) {
            throw world.broken("only what is committed is applied", "%s", now);
        }
        if (before != null
                && (now.term() < before.term()
                        || now.committedIndex() < before.committedIndex()
                        || now.appliedIndex() < before.appliedIndex())) {
            throw world.broken("no going back", "%s after %s", now, before);
        }
    }

    /** Whether a state holds the keys that there are, each as it is. */
    public boolean isNewest(EtcdStateMachine machine) {
        return Witness.items(machine).equals(newest().all());
    }

    // The clients

    /** The newest revision that anybody was told of: what is asked from now on must know it. */
    public long told() {
        return told;
    }

    /**
     * A write was answered.
     *
     * @param known what {@link #told} was when it was asked for
     */
    public void wrote(Command command, Answer answer, long known) {
        acknowledged++;
        if (answer instanceof Answer.Refused) {
            return;
        }
        long revision = revision(answer);
        if (revision < known) {
            throw world.broken(
                    "what is acknowledged is later than what was before",
                    "%s at %d, after %d",
                    command,
                    revision,
                    known);
        }
        boolean changed =
                switch (answer) {
                    case Answer.Written _ -> command.hasPut();
                    case Answer.Deleted deleted -> deleted.keys() > 0;
                    case Answer.Decided decided -> decided.succeeded();
                    case Answer.Got _, Answer.Refused _ -> false;
                };
        if (changed && !ledger.made(revision, command)) {
            throw world.broken(
                    "no acknowledged write is lost", "%s is not at %d", command, revision);
        }
        told = Math.max(told, revision);
    }

    /** A read was answered; {@code known} is 0 for one that may be stale. */
    public void got(String whose, Request.Get get, Answer.Got got, long known) {
        if (got.revision() < known) {
            throw world.broken("no stale read", "%s: %s got %s after %d", whose, get, got, known);
        }
        ledger.read(whose, get, got);
        if (known > 0) {
            told = Math.max(told, got.revision());
        }
    }

    /** What a key came to; null that it went. */
    public record Change(String key, @Nullable String value) {}

    /** A watcher was told of a revision. */
    public void watched(String whose, long revision, List<Change> changes) {
        if (rot.isPlanted()) {
            return;
        }
        Contents after = ledger.at(revision);
        Contents before = ledger.at(revision - 1);
        List<Change> right = after == null || before == null ? List.of() : changes(before, after);
        if (!Set.copyOf(right).equals(Set.copyOf(changes)) || right.size() != changes.size()) {
            throw world.broken(
                    "a watcher is told what happened",
                    "%s tells of %d %s, not %s",
                    whose,
                    revision,
                    changes,
                    right);
        }
    }

    private static List<Change> changes(Contents before, Contents after) {
        List<Change> changes = new ArrayList<>();
        after.all().stream()
                .filter(item -> item.modified() == after.revision())
                .forEach(item -> changes.add(new Change(item.key(), item.value())));
        Set<String> there = after.all().stream().map(Item::key).collect(Collectors.toSet());
        before.all().stream()
                .filter(item -> !there.contains(item.key()))
                .forEach(item -> changes.add(new Change(item.key(), null)));
        return changes;
    }

    public void renewed(long lease, long asked, long ttlSeconds) {
        leases.renewed(lease, asked, ttlSeconds);
    }

    /** A client asks for something. */
    public History.Call called(Request request) {
        return history.called(request);
    }

    /** A member said that a command is not and will not be applied. */
    public void refused(Request request) {
        boolean unique = History.isUnique(request);
        if (unique && applied.containsKey(request)) {
            throw world.broken("what is refused is not done", "%s", request);
        }
        if (unique) {
            refused.add(request);
        }
    }

    /** All that clients saw. */
    public List<Operation<Request, Answer>> history() {
        return history.operations(applied);
    }

    /** The newest state there is. */
    public Contents newest() {
        return ledger.newest();
    }

    private static long revision(Answer answer) {
        return switch (answer) {
            case Answer.Written written -> written.revision();
            case Answer.Deleted deleted -> deleted.revision();
            case Answer.Got got -> got.revision();
            case Answer.Decided decided -> decided.revision();
            case Answer.Refused _ -> 0;
        };
    }

    public long acknowledged() {
        return acknowledged;
    }

    public long elections() {
        return elections;
    }

    /** How often the members changed. */
    public long changes() {
        return ledger.changes();
    }

    public long lastApplied() {
        return ledger.last();
    }
}
