package flotilla.store.wire;

import com.google.protobuf.Message;
import flotilla.store.apply.mvcc.AnswerRoom;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.time.Duration;

/**
 * What one call's answer takes of the {@link AnswerBudget}, from when it is gathered until it has
 * left or its client has gone. A small answer takes nothing, so that it is given whatever large
 * ones wait for their clients; how many there can be is limited by the number of calls.
 */
final class CallRoom implements AnswerRoom, AutoCloseable {
    /** Answers below this are small, bytes. */
    static final long SMALL_BYTES = 16 << 10;

    private final AnswerBudget budget;

    /** What has been gathered; of the thread that gathers. */
    private long gathered;

    private Duration patience = Duration.ZERO;
    private long reserved;
    private boolean closed;

    CallRoom(AnswerBudget budget) {
        this.budget = budget;
    }

    /** Gathering begins, on a thread that must not wait: without room, TOO_MANY_REQUESTS. */
    void begin() {
        gathered = 0;
        patience = Duration.ZERO;
    }

    /** Gathering begins once more, on a thread that waits for room so long. */
    void begin(Duration wait) {
        gathered = 0;
        patience = wait;
    }

    @Override
    public void take(long bytes) {
        boolean first = gathered == 0;
        gathered += bytes;
        if (!first && gathered > budget.answerBytesMax()) {
            throw new EtcdException(EtcdError.ANSWER_TOO_LARGE);
        }
        if (gathered > SMALL_BYTES) {
            reserve(Math.max(gathered, budget.answerBytesMax()));
        }
    }

    @Override
    public void giveBack(long bytes) {
        gathered -= bytes;
    }

    /** Everything is gathered: gives back what was reserved for more. */
    void settle() {
        shrinkTo(gathered > SMALL_BYTES ? gathered : 0);
    }

    /** Counts an answer that is there and must be given. */
    void hold(Message answer) {
        long bytes = answer.getSerializedSize();
        if (bytes > SMALL_BYTES) {
            budget.overdraw(bytes);
            add(bytes);
        }
    }

    private void reserve(long bytes) {
        long missing;
        synchronized (this) {
            missing = bytes - reserved;
            if (closed) {
                throw new EtcdException(EtcdError.STOPPED); // nobody is there to be told
            }
        }
        if (missing <= 0) {
            return;
        }
        try {
            if (!budget.take(missing, patience)) {
                throw new EtcdException(EtcdError.TOO_MANY_REQUESTS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EtcdException(EtcdError.STOPPED);
        }
        add(missing);
    }

    private synchronized void add(long bytes) {
        if (closed) {
            budget.giveBack(bytes);
        } else {
            reserved += bytes;
        }
    }

    private synchronized void shrinkTo(long bytes) {
        if (reserved > bytes) {
            budget.giveBack(reserved - bytes);
            reserved = bytes;
        }
    }

    /** The answer has left, or never will. */
    @Override
    public synchronized void close() {
        closed = true;
        shrinkTo(0);
    }
}
