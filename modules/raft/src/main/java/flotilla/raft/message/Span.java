package flotilla.raft.message;

/**
 * A stretch of a log, named without its entries: those behind {@code prevIndex} up to and including
 * {@code lastIndex}. By the terms at both ends it is the same stretch wherever it is found.
 *
 * @param prevIndex index before the first entry
 * @param prevTerm its term
 * @param lastIndex index of the last entry; {@code prevIndex} if there are none
 * @param lastTerm its term
 */
public record Span(long prevIndex, long prevTerm, long lastIndex, long lastTerm) {
    public Span {
        boolean ordered = prevIndex >= 0 && prevIndex <= lastIndex && prevTerm <= lastTerm;
        if (!ordered || (prevIndex == lastIndex && prevTerm != lastTerm)) {
            throw new IllegalArgumentException(
                    "no log has a stretch %d/%d..%d/%d"
                            .formatted(prevIndex, prevTerm, lastIndex, lastTerm));
        }
    }

    public boolean isEmpty() {
        return prevIndex == lastIndex;
    }
}
