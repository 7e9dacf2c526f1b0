package flotilla.store.log.driver;

import com.google.protobuf.CodedOutputStream;
import flotilla.store.apply.Applied;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Commands that share one log entry, and who waits for them. */
final class Batch {
    /**
     * One caller's command.
     *
     * @param encoded by the caller's thread, so that the core's has only to copy
     * @param deadline in the nanoseconds of the clock
     */
    record Call(
            Command command, byte[] encoded, long deadline, CompletableFuture<Applied> answer) {}

    private final long origin;
    private final long number;
    private final List<Call> calls;
    private final int level;
    private final byte[] bytes;
    private int openAttempts;
    private long sentAt;
    private int attempts;

    Batch(long origin, long number, List<Call> calls) {
        this.origin = origin;
        this.number = number;
        this.calls = List.copyOf(calls);
        this.level =
                calls.stream().mapToInt(call -> FeatureLevel.of(call.command())).max().orElse(0);
        this.bytes = encode();
    }

    /** As {@link CommandBatch} would write itself. */
    private byte[] encode() {
        int size =
                CodedOutputStream.computeFixed64Size(CommandBatch.ORIGIN_FIELD_NUMBER, origin)
                        + CodedOutputStream.computeFixed64Size(
                                CommandBatch.NUMBER_FIELD_NUMBER, number);
        if (level != 0) {
            size += CodedOutputStream.computeUInt32Size(CommandBatch.LEVEL_FIELD_NUMBER, level);
        }
        for (Call call : calls) {
            size +=
                    CodedOutputStream.computeByteArraySize(
                            CommandBatch.COMMANDS_FIELD_NUMBER, call.encoded());
        }
        byte[] encoded = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(encoded);
        try {
            for (Call call : calls) {
                out.writeByteArray(CommandBatch.COMMANDS_FIELD_NUMBER, call.encoded());
            }
            out.writeFixed64(CommandBatch.ORIGIN_FIELD_NUMBER, origin);
            out.writeFixed64(CommandBatch.NUMBER_FIELD_NUMBER, number);
            if (level != 0) {
                out.writeUInt32(CommandBatch.LEVEL_FIELD_NUMBER, level);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("write to an array", e);
        }
        return encoded;
    }

    long number() {
        return number;
    }

    /** The entry's data; the same array each time. */
    byte[] bytes() {
        return bytes;
    }

    /** What the bytes say, without reading them. */
    CommandBatch commands() {
        CommandBatch.Builder commands =
                CommandBatch.newBuilder().setOrigin(origin).setNumber(number).setLevel(level);
        calls.forEach(call -> commands.addCommands(call.command()));
        return commands.build();
    }

    int size() {
        return calls.size();
    }

    long callBytes() {
        return calls.stream().mapToLong(call -> call.encoded().length).sum();
    }

    /** The first caller's, who has waited longest. */
    long deadline() {
        return calls.getFirst().deadline();
    }

    /** Notes that it is on its way; returns what tells this attempt from others. */
    int sent(long now) {
        sentAt = now;
        openAttempts++;
        return ++attempts;
    }

    boolean isLast(int attempt) {
        return attempt == attempts;
    }

    long sentAt() {
        return sentAt;
    }

    /** One attempt certainly brought it into no log. */
    void refused() {
        openAttempts--;
    }

    /** Whether it may be applied yet. */
    boolean isOpen() {
        return openAttempts > 0;
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
