package flotilla.store.log.wal;

/** What a reader of a log file finds next. */
sealed interface Reading {
    /** Where in the file it begins, in bytes. */
    long offset();

    /**
     * A whole record. Its bytes are the reader's own and change when it reads on.
     *
     * @param before the chain's value before it
     * @param after the chain's value with it, as it says itself
     * @param from where in {@code bytes} its data begins
     * @param length of its data
     */
    record Whole(
            long offset, RecordType type, int before, int after, byte[] bytes, int from, int length)
            implements Reading {}

    /** Nothing more was written here. */
    record End(long offset) implements Reading {}

    /**
     * Something that is no record.
     *
     * @param maybeTorn whether a power cut in the middle of its writing can have left it
     */
    record Broken(long offset, String what, boolean maybeTorn) implements Reading {}
}
