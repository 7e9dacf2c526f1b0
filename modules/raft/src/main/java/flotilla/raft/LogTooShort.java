package flotilla.raft;

/**
 * The log on disk lacks entries that this member has applied, or has told others it has. It was
 * damaged, or another's; to go on would break promises, so the member must not start.
 */
public final class LogTooShort extends IllegalStateException {
    LogTooShort(String promise, long index, long last) {
        super(
                ("the log ends at %d, but this member %s %d: entries are lost; remove the member from"
                                + " the group and let it join again with an empty data directory")
                        .formatted(last, promise, index));
    }
}
