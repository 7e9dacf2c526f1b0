package flotilla.store.apply.refusal;

/**
 * Bytes that this version can't make an entry's meaning of. Before they are in the log they are
 * refused; in the log they were written by a newer version, and must stop the member: to pass them
 * over would part it from the others for good.
 */
public sealed class UnreadableEntry extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param what is wrong with it, beginning with "it"
     */
    public UnreadableEntry(String what) {
        super(what);
    }

    public UnreadableEntry(String what, Throwable cause) {
        super(what, cause);
    }

    /** Not for now: it is above the cluster's feature level, as far as that is known here. */
    public static final class AboveLevel extends UnreadableEntry {
        private static final long serialVersionUID = 1L;

        public AboveLevel(int level, int decided) {
            super("it needs feature level %d, and the cluster is at %d".formatted(level, decided));
        }
    }

    /** What to stop the member with. */
    public IllegalStateException stops(long index) {
        return new IllegalStateException(
                "log entry %d can't be applied: %s. A newer version wrote it: bring this member to that version; until then it stays out, and the others go on"
                        .formatted(index, getMessage()),
                this);
    }
}
