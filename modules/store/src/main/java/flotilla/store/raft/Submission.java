package flotilla.store.raft;

import flotilla.store.command.CommandBatch;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A batch on its way into this leader's log. It may enter in one term only: what was meant for a
 * leader of term t is provably lost once an entry of a later term was applied, because no log can
 * hold an entry of t behind it. That is what makes sending it again safe.
 */
final class Submission implements Message {
    private final long term;
    private final ByteString content;
    private final @Nullable CommandBatch batch;
    private volatile boolean appended;

    /**
     * @param batch what the content says, if at hand: saves its parsing at apply
     */
    Submission(long term, ByteString content, @Nullable CommandBatch batch) {
        this.term = term;
        this.content = content;
        this.batch = batch;
    }

    @Override
    public ByteString getContent() {
        return content;
    }

    long term() {
        return term;
    }

    @Nullable CommandBatch batch() {
        return batch;
    }

    /** From here on its fate is the log's. */
    void markAppended() {
        appended = true;
    }

    boolean appended() {
        return appended;
    }
}
