package flotilla.store.log.peer;

/**
 * A place in the bytes of a snapshot.
 *
 * @param part number of the part, from 0; the number of parts if all is behind
 * @param offset in that part; under its size, unless it is empty
 */
record Position(int part, long offset) {
    static final Position START = new Position(0, 0);
}
