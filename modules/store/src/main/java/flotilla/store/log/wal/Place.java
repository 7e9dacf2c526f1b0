package flotilla.store.log.wal;

/**
 * Where a record begins.
 *
 * @param segment number of its file
 * @param offset in the file, in bytes
 * @param chain the chain's value before it, from which a reader can go on
 */
record Place(long segment, long offset, int chain) {}
