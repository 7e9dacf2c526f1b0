package flotilla.raft;

import flotilla.raft.Ready.Range;
import flotilla.raft.Ready.ReadPoint;
import flotilla.raft.Ready.SnapshotOrder;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Accepted;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what the step under way wants done, and knows what the last one had told already. */
final class Outbox {
    final FreshEntries entries = new FreshEntries();
    private @Nullable SnapshotMark install;
    private final List<Message> now = new ArrayList<>();
    private final List<Message> answers = new ArrayList<>();
    private final List<Message> afterWrite = new ArrayList<>();
    private final List<SnapshotOrder> snapshots = new ArrayList<>();
    private final List<ReadPoint> reads = new ArrayList<>();
    private final List<Long> refusedReads = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private HardState toldState;
    private Standing toldStanding;
    private long handedOut;

    Outbox(HardState found, Standing standing, long applied) {
        toldState = found;
        toldStanding = standing;
        handedOut = applied;
    }

    void append(Entry entry) {
        entries.add(entry);
    }

    void install(SnapshotMark mark) {
        entries.clear();
        install = mark;
        handedOut = mark.index();
    }

    /** Sent at once: it promises nothing that a crash could take back. */
    void now(Message message) {
        now.add(message);
    }

    /** Sent as soon as this member's term and vote are on disk; often that is at once. */
    void answer(Message message) {
        answers.add(message);
    }

    /** Sent when the log as it is now is on disk too. */
    void afterWrite(Message message) {
        afterWrite.add(message);
    }

    /** The same for an acceptance; of several to one leader the last says it all. */
    void accepted(Accepted message) {
        if (!afterWrite.isEmpty()
                && afterWrite.getLast() instanceof Accepted before
                && before.to() == message.to()
                && before.term() == message.term()
                && before.match() <= message.match()) {
            afterWrite.removeLast();
        }
        afterWrite.add(message);
    }

    void order(SnapshotOrder order) {
        snapshots.add(order);
    }

    void read(ReadPoint point) {
        reads.add(point);
    }

    void refuseRead(long id) {
        refusedReads.add(id);
    }

    void outcome(Outcome outcome) {
        outcomes.add(outcome);
    }

    /**
     * Leadership ended within the step: its appends may name entries that the new leader replaced.
     */
    void dropAppends() {
        now.removeIf(message -> message instanceof Message.Append);
        snapshots.clear();
    }

    /** All of it, once; the outbox is empty afterwards. */
    Ready seal(Member member, Standing standing) {
        HardState state = new HardState(member.term, member.vote, member.commit);
        boolean sync = install != null || !entries.isEmpty() || state.needsSyncAfter(toldState);
        if (sync) {
            member.writes.begin(member, firstChanged());
        }
        boolean durable = member.writes.hold(member.term, member.vote);
        (durable ? now : afterWrite).addAll(answers);
        Ready ready =
                new Ready(
                        install,
                        entries.list(),
                        state.equals(toldState) ? null : state,
                        sync,
                        member.writes.issued(),
                        List.copyOf(now),
                        List.copyOf(afterWrite),
                        List.copyOf(snapshots),
                        committed(member),
                        List.copyOf(reads),
                        List.copyOf(refusedReads),
                        List.copyOf(outcomes),
                        standing.equals(toldStanding) ? null : standing);
        toldState = state;
        toldStanding = standing;
        clear();
        return ready;
    }

    /** What a snapshot replaces is no longer the log, and is not on disk as such before it is. */
    private long firstChanged() {
        if (install != null) {
            return install.index();
        }
        return entries.isEmpty() ? 0 : entries.first();
    }

    /**
     * Only what is on this member's own disk is applied, though more may be committed: after a
     * crash the state machine must never be ahead of the log.
     */
    private @Nullable Range committed(Member member) {
        long last = Math.min(member.commit, member.writes.stable());
        if (last <= handedOut) {
            return null;
        }
        Range range = new Range(handedOut + 1, last);
        handedOut = last;
        return range;
    }

    private void clear() {
        install = null;
        entries.clear();
        now.clear();
        answers.clear();
        afterWrite.clear();
        snapshots.clear();
        reads.clear();
        refusedReads.clear();
        outcomes.clear();
    }
}
