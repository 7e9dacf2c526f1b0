package flotilla.store.log.wal;

import org.jspecify.annotations.Nullable;

/** What a record holds, by walpb's numbers. */
enum RecordType {
    /** Whose log it is; once in each file. */
    METADATA(1),
    ENTRY(2),
    STATE(3),
    /**
     * No data, and the checksum of all data before it. It heads each file; within one it says that
     * all before it was synced when it was written, and two in a row that the log goes on in
     * another file.
     */
    CRC(4),
    SNAPSHOT(5);

    private final int number;

    RecordType(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static @Nullable RecordType of(long number) {
        for (RecordType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        return null;
    }
}
