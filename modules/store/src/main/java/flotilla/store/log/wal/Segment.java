package flotilla.store.log.wal;

import flotilla.platform.disk.StoredFile;

/**
 * One open file of the log.
 *
 * @param place as a person should read it
 */
record Segment(SegmentName name, StoredFile file, String place) {
    long number() {
        return name.number();
    }
}
