package flotilla.store.apply;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.store.apply.refusal.UnreadableEntry;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;

/**
 * Which bytes are a batch that this version can apply. Asked twice: before bytes of another member
 * enter the log, where one that isn't is refused, so that no entry can end every member again and
 * again; and when an entry is applied, where one that isn't stops the member.
 */
public final class Batches {
    /**
     * Up to which feature level this version can apply batches. One that adds a kind of command, or
     * a meaning to a known one, counts it up, and writes the new number into such batches.
     */
    public static final int LEVEL = 0;

    /**
     * How deeply messages may be nested: twice what protobuf lets a client send, for a request
     * stands some levels deeper in a batch.
     */
    private static final int DEPTH_MAX = 200;

    private Batches() {}

    /** Reads an entry's data. */
    public static CommandBatch parse(byte[] data) throws UnreadableEntry {
        CommandBatch batch = read(data);
        if (batch.getLevel() > LEVEL) {
            throw new UnreadableEntry(
                    "it needs feature level %d, and this version has %d"
                            .formatted(batch.getLevel(), LEVEL));
        }
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
        return batch;
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
