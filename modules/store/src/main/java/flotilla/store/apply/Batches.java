package flotilla.store.apply;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.apply.refusal.UnreadableEntry;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;

/**
 * Which bytes are a batch that this version can apply. Asked twice: before bytes of another member
 * enter the log, where one that isn't is refused, so that no entry can end every member again and
 * again; and when an entry is applied, where one that isn't stops the member.
 *
 * <p>Both times the cluster's {@link FeatureLevel} comes first, for it is told by the envelope,
 * which every version reads.
 */
public final class Batches {
    /**
     * How deeply messages may be nested: twice what protobuf lets a client send, for a request
     * stands some levels deeper in a batch.
     */
    private static final int DEPTH_MAX = 200;

    private Batches() {}

    /**
     * Reads an entry's data. What is above the cluster's level may hold anything: every member
     * refuses it unread ({@link BatchApplier}).
     *
     * @param decided the cluster's level as of the entry
     */
    public static CommandBatch ofEntry(byte[] data, int decided) throws UnreadableEntry {
        CommandBatch batch = read(data);
        if (FeatureLevel.admits(decided, batch.getLevel())) {
            requireKnown(batch);
        }
        return batch;
    }

    /**
     * Refuses what must not enter the log.
     *
     * @param decided the cluster's level as far as it is known here: it is no lower where the batch
     *     comes to stand
     */
    public static void requireProposable(byte[] data, int decided) throws UnreadableEntry {
        CommandBatch batch = read(data);
        if (!FeatureLevel.admits(decided, batch.getLevel())) {
            throw new UnreadableEntry.AboveLevel(batch.getLevel(), decided);
        }
        requireKnown(batch);
        for (Command command : batch.getCommandsList()) {
            if (FeatureLevel.of(command) > batch.getLevel()) {
                throw new UnreadableEntry(
                        "it says feature level %d, and holds a command of %d"
                                .formatted(batch.getLevel(), FeatureLevel.of(command)));
            }
        }
    }

    private static void requireKnown(CommandBatch batch) throws UnreadableEntry {
        if (batch.getCommandsCount() == 0) {
            throw new UnreadableEntry("it holds no command");
        }
        for (Command command : batch.getCommandsList()) {
            if (command.getCommandCase() == Command.CommandCase.COMMAND_NOT_SET
                    || !command.getUnknownFields().asMap().isEmpty()) {
                throw new UnreadableEntry("it holds a command that this version doesn't know");
            }
        }
        if (!batch.getUnknownFields().asMap().isEmpty()) {
            throw new UnreadableEntry("it has parts that this version doesn't know");
        }
    }

    private static CommandBatch read(byte[] data) throws UnreadableEntry {
        CodedInputStream input = CodedInputStream.newInstance(data);
        input.setRecursionLimit(DEPTH_MAX);
        try {
            return CommandBatch.parser().parseFrom(input);
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableEntry("it is no batch of commands: " + e.getMessage(), e);
        }
    }
}
