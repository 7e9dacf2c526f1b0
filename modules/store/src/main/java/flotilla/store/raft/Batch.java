package flotilla.store.raft;

import flotilla.store.apply.Applied;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Commands that share one log entry, and who waits for them. Owned by the {@link Proposer}. */
final class Batch {
    /**
     * One caller's command.
     *
     * @param deadline in the nanoseconds of the clock
     */
    record Call(Command command, int bytes, long deadline, CompletableFuture<Applied> answer) {}

    /** Term of a batch that is certainly in no log that matters. */
    static final long NOWHERE = 0;

    private final CommandBatch commands;
    private final List<Call> calls;
    private long sentTerm = NOWHERE;
    private long notBefore;
    private int attempt;

    Batch(long origin, long number, List<Call> calls) {
        this.calls = List.copyOf(calls);
        CommandBatch.Builder builder =
                CommandBatch.newBuilder().setOrigin(origin).setNumber(number);
        for (Call call : calls) {
            builder.addCommands(call.command());
        }
        this.commands = builder.build();
    }

    CommandBatch commands() {
        return commands;
    }

    long number() {
        return commands.getNumber();
    }

    int size() {
        return calls.size();
    }

    long bytes() {
        return calls.stream().mapToLong(Call::bytes).sum();
    }

    /** The first caller's, who has waited longest. */
    long deadline() {
        return calls.getFirst().deadline();
    }

    /** The term it was sent in, the only one in which it can be in a log. */
    long sentTerm() {
        return sentTerm;
    }

    boolean mayBeSent(long now) {
        return sentTerm == NOWHERE && now - notBefore >= 0;
    }

    /** Notes that it is on its way; returns what tells this attempt from others. */
    int sent(long term) {
        sentTerm = term;
        return ++attempt;
    }

    boolean isAttempt(int number) {
        return attempt == number && sentTerm != NOWHERE;
    }

    /** It is certainly in no log: it may be sent again, from then on. */
    void lost(long nextTry) {
        sentTerm = NOWHERE;
        notBefore = nextTry;
    }

    void applied(List<Applied> results) {
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).answer().complete(results.get(i));
        }
    }

    void fail(EtcdError error) {
        EtcdException refusal = new EtcdException(error);
        calls.forEach(call -> call.answer().completeExceptionally(refusal));
    }
}
