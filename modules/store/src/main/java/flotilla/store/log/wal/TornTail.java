package flotilla.store.log.wal;

/**
 * The end of the log that a power cut tore, and that was cut off when the log was opened: no sync
 * of it had returned, so nobody was promised any of it.
 *
 * @param file the log's last
 * @param offset where the log ends now, in bytes
 * @param bytes how far from there on the file held something
 */
public record TornTail(String file, long offset, long bytes) {
    @Override
    public String toString() {
        return "%s: the last %d bytes, from byte %d on, were not written to the end when the machine went down; they were never confirmed and are cut off"
                .formatted(file, bytes, offset);
    }
}
