package flotilla.store.raft;

import flotilla.platform.Clock;
import flotilla.platform.Mailbox;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The leader's answer to "up to which index must a read see?" (ReadIndex, Raft thesis 6.4). Ratis'
 * own linearizable read is not used: it takes an earlier confirmation of the commit index for a
 * present one, so a leader that was cut off answers with old data.
 *
 * <p><b>A round.</b> Reads that wait join one batch. When it is formed, this member must lead some
 * term T and have applied an entry of T. Then the commit index c is noted, and only then is a new
 * round opened. Each append request is stamped, when it is created, with the round then open. The
 * batch is answered with c once a majority (with this member) has acknowledged, in term T, a
 * request stamped with that round or a later one. Reads that come meanwhile form the next batch.
 *
 * <p><b>Why a read at c misses nothing.</b> Let a write w have been acknowledged before the read
 * came, hence before the batch was formed. It was committed by the leader of some term t.
 *
 * <ul>
 *   <li>t &lt; T: w is in the log of T's leader before its first entry of T (Leader Completeness).
 *       That entry was applied here when the batch was formed, so w's index is below c.
 *   <li>t = T: this member committed w and counted it into its commit index before anybody could
 *       learn of the commit, hence before c was noted.
 *   <li>t &gt; T can't be: the leader of t was elected by a majority before w was acknowledged. One
 *       member of it is among those whose acknowledgement we counted, or is this member. It was in
 *       a term above T before the batch was formed; but the request it acknowledged in term T was
 *       created after that, and terms never go back. And this member was still in office when the
 *       batch was formed: Ratis tells it of the loss before it takes the new term and votes.
 * </ul>
 *
 * <p>The moment a request was <em>created</em> is what counts; when the answer arrived proves
 * nothing about requests that were on the wire already. Nor are clocks used: no lease.
 */
final class ReadGate {
    /** Rounds are looked at this often for their deadline, while one is out. */
    private static final long TICK_NANOS = 100_000_000;

    private record Round(
            long number,
            long term,
            long index,
            long deadline,
            List<CompletableFuture<Long>> readers) {}

    private final QuorumAcks acks;
    private final Leadership leadership;
    private final LongSupplier commitIndex;
    private final Clock clock;
    private final long timeoutNanos;
    private final Ticker ticker;
    private final Mailbox mailbox = new Mailbox();
    private List<CompletableFuture<Long>> joining = new ArrayList<>();
    private volatile @Nullable Round out;

    /**
     * @param commitIndex the log's, counted from 1
     * @param timing of a round
     */
    ReadGate(QuorumAcks acks, Leadership leadership, LongSupplier commitIndex, Timing timing) {
        this.acks = acks;
        this.leadership = leadership;
        this.commitIndex = commitIndex;
        this.clock = timing.clock();
        this.timeoutNanos = timing.timeoutNanos();
        this.ticker = new Ticker(timing.timer(), () -> mailbox.execute(this::check));
        acks.listen(this::acknowledged);
    }

    /**
     * Completes with the index that a read which came before the call must see applied. Fails with
     * NOT_LEADER or TIMEOUT.
     */
    CompletableFuture<Long> readIndex() {
        CompletableFuture<Long> reader = new CompletableFuture<>();
        mailbox.execute(() -> {
            joining.add(reader);
            if (out == null) {
                open();
            }
        });
        return reader;
    }

    /** This member no longer leads. */
    void deposed() {
        mailbox.execute(this::check);
    }

    private void acknowledged() {
        if (out != null) {
            mailbox.execute(this::check);
        }
    }

    private void open() {
        List<CompletableFuture<Long>> readers = joining;
        joining = new ArrayList<>();
        long term = leadership.ledTerm();
        if (term == 0) {
            fail(readers, EtcdError.NOT_LEADER);
            return;
        }
        long index = commitIndex.getAsLong();
        long deadline = clock.nanos() + timeoutNanos;
        out = new Round(acks.nextRound(), term, index, deadline, readers);
        ticker.within(TICK_NANOS);
        check();
    }

    private void check() {
        Round round = out;
        if (round == null) {
            return;
        }
        if (acks.confirmed(round.number(), round.term())) {
            out = null;
            round.readers().forEach(reader -> reader.complete(round.index()));
        } else if (leadership.ledTerm() != round.term()) {
            out = null;
            fail(round.readers(), EtcdError.NOT_LEADER);
        } else if (clock.nanos() - round.deadline() >= 0) {
            out = null;
            fail(round.readers(), EtcdError.TIMEOUT);
        } else {
            ticker.within(TICK_NANOS);
            return;
        }
        if (!joining.isEmpty()) {
            open();
        }
    }

    private static void fail(List<CompletableFuture<Long>> readers, EtcdError error) {
        EtcdException refusal = new EtcdException(error);
        readers.forEach(reader -> reader.completeExceptionally(refusal));
    }
}
