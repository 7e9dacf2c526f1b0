package flotilla.store.log.wal;

import java.io.IOException;

/**
 * The log does not say what was once stored in it, or not to this member: a member that went on
 * could have forgotten what it promised. Nothing on the disk was changed.
 */
public final class DamagedLog extends IOException {
    private static final long serialVersionUID = 1;

    /** What to do about it, for a person. */
    private static final String WAY_BACK =
            "Put the log's files back from a copy that was made since this member stopped. Without"
                    + " one this member can't go on, and the others don't need it: take it out of the"
                    + " cluster (etcdctl member remove) and add it anew with an empty data directory.";

    private final String file;
    private final long offset;

    private DamagedLog(String file, long offset, String message) {
        super(message);
        this.file = file;
        this.offset = offset;
    }

    /** Found at a byte of a file. */
    static DamagedLog at(String file, long offset, String what) {
        return new DamagedLog(
                file, offset, "%s, byte %d: %s. %s".formatted(file, offset, what, WAY_BACK));
    }

    /** Of a file as a whole, or of one that isn't there. */
    public static DamagedLog in(String file, String what) {
        return new DamagedLog(file, 0, "%s: %s. %s".formatted(file, what, WAY_BACK));
    }

    public String file() {
        return file;
    }

    /** Where in the file; 0 if it is about the whole. */
    public long offset() {
        return offset;
    }
}
