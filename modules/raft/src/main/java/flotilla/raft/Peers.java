package flotilla.raft;

import flotilla.raft.Ready.SnapshotOrder;
import flotilla.raft.log.BrokenInvariant;
import flotilla.raft.members.ConfState;
import flotilla.raft.message.Message.Append;
import flotilla.raft.message.Message.Heartbeat;
import flotilla.raft.message.Span;
import flotilla.raft.progress.Progress;
import flotilla.raft.quorum.Verdict;
import flotilla.raft.quorum.Vote;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A leader's followers: what each has, and what to send it next (thesis 3.5). */
final class Peers {
    private final Member member;
    private final Map<Long, Progress> peers = new TreeMap<>(Long::compareUnsigned);

    Peers(Member member) {
        this.member = member;
        follow(member.members());
    }

    /** The members changed: those that stay keep their progress (raft.md scenario 23). */
    void follow(ConfState members) {
        List<Long> ids =
                Stream.of(members.voters(), members.votersOutgoing(), members.learners())
                        .flatMap(List::stream)
                        .distinct()
                        .filter(id -> id != member.id())
                        .toList();
        peers.keySet().retainAll(ids);
        for (long id : ids) {
            peers.computeIfAbsent(id, this::unknown);
        }
    }

    private Progress unknown(long id) {
        RaftConfig.Limits limits = member.config.limits();
        Progress progress =
                new Progress(
                        member.log.lastIndex() + 1, limits.windowMessages(), limits.windowBytes());
        // Taken to be alive until the leader asks itself the next time.
        progress.heard();
        return progress;
    }

    @Nullable Progress of(long id) {
        return peers.get(id);
    }

    /**
     * How far each member has come, as a quorum asks it.
     *
     * @param own this member's own answer
     */
    LongUnaryOperator reached(long own, ToLongFunction<Progress> ofPeer) {
        return id -> {
            Progress progress = peers.get(id);
            return progress == null ? own : ofPeer.applyAsLong(progress);
        };
    }

    /** Whether a quorum was heard from since the last time; the question begins anew. */
    boolean quorumHeard() {
        Verdict verdict =
                member.quorum()
                        .verdict(id -> {
                            Progress progress = peers.get(id);
                            return progress == null || progress.active()
                                    ? Vote.GRANTED
                                    : Vote.REFUSED;
                        });
        peers.values().forEach(Progress::restartContact);
        return verdict == Verdict.WON;
    }

    /**
     * @param round of the reads under way
     */
    void sendHeartbeats(long round) {
        peers.forEach((id, progress) -> {
            // Never beyond what it is known to have: its log may differ there (scenario 18).
            long commit = Math.min(progress.match(), member.commit);
            member.out.now(new Heartbeat(member.id(), id, member.term, commit, round));
            progress.sentCommit(commit);
        });
    }

    /** Sends each follower what it lacks, as far as its window goes. */
    void sendAppends() {
        peers.forEach(this::sendAppends);
    }

    private void sendAppends(long id, Progress progress) {
        while (send(id, progress, false)) {
            // As many as the window takes.
        }
        if (progress.wantsEmptyAppend(member.commit)) {
            send(id, progress, true);
        }
    }

    /**
     * @param evenEmpty whether to send one without entries, if there are none to send
     * @return whether something was sent
     */
    private boolean send(long id, Progress progress, boolean evenEmpty) {
        if (progress.paused()) {
            return false;
        }
        long prev = progress.next() - 1;
        if (!member.log.knows(prev)) {
            orderSnapshot(id, progress);
            return false;
        }
        long last = progress.mayTakeEntries() ? fitting(prev) : prev;
        if (last == prev && !evenEmpty) {
            return false;
        }
        Span span = new Span(prev, member.log.termAt(prev), last, member.log.termAt(last));
        member.out.now(new Append(member.id(), id, member.term, span, member.commit, List.of()));
        progress.sent(last, last == prev ? 0 : member.bytes(prev + 1, last));
        progress.sentCommit(member.commit);
        return true;
    }

    /**
     * The last index of an append that begins behind {@code prev}: its first entry goes in any
     * case.
     */
    private long fitting(long prev) {
        RaftConfig.Limits limits = member.config.limits();
        long low = Math.min(prev + 1, member.log.lastIndex());
        long high = Math.min(prev + limits.appendEntries(), member.log.lastIndex());
        if (low >= high || member.bytes(prev + 1, high) <= limits.appendBytes()) {
            return high;
        }
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (member.bytes(prev + 1, middle) <= limits.appendBytes()) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Only for one that was heard lately: a dead one would hold the log back (scenario 54). */
    private void orderSnapshot(long id, Progress progress) {
        if (progress.active()) {
            long base = member.log.baseIndex();
            progress.becomeSnapshot(base);
            member.out.order(new SnapshotOrder(id, member.term, base));
        }
    }

    /** A follower's log equals this one up to {@code match}. */
    void accepted(Progress progress, long match) {
        if (match > member.log.lastIndex()) {
            throw new BrokenInvariant(
                    "a follower has accepted %d, this leader's log ends at %d"
                            .formatted(match, member.log.lastIndex()));
        }
        progress.accepted(match);
        progress.endSnapshot(member.log.baseIndex() + 1);
    }

    /** A voter that has the whole log; whoever takes over must. */
    OptionalLong upToDate() {
        return member.members().voters().stream()
                .filter(id -> {
                    Progress progress = peers.get(id);
                    return progress != null && progress.match() == member.log.lastIndex();
                })
                .mapToLong(Long::longValue)
                .findFirst();
    }

    List<Status.Peer> status() {
        return peers.entrySet().stream()
                .map(peer -> {
                    Progress progress = peer.getValue();
                    return new Status.Peer(
                            peer.getKey(),
                            progress.match(),
                            progress.next(),
                            progress.state(),
                            progress.active());
                })
                .toList();
    }
}
