package flotilla.raft.quorum;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;

/** A set of voters of whom more than half decide. An empty set objects to nothing. */
final class Majority {
    private final long[] voters;

    Majority(List<Long> voters) {
        this.voters = voters.stream().mapToLong(Long::longValue).toArray();
    }

    /**
     * The highest value that more than half have reached.
     *
     * @param reached what a voter has reached; never shrinks with time
     */
    long reached(LongUnaryOperator reached) {
        if (voters.length == 0) {
            return Long.MAX_VALUE;
        }
        long[] values = new long[voters.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = reached.applyAsLong(voters[i]);
        }
        Arrays.sort(values);
        // Of n values in ascending order, n/2+1 are at or above the one at n-(n/2+1).
        return values[values.length - (values.length / 2 + 1)];
    }

    Verdict verdict(LongFunction<Vote> voteOf) {
        int granted = 0;
        int missing = 0;
        for (long voter : voters) {
            switch (voteOf.apply(voter)) {
                case GRANTED -> granted++;
                case MISSING -> missing++;
                case REFUSED -> {}
            }
        }
        int needed = voters.length / 2 + 1;
        if (voters.length == 0 || granted >= needed) {
            return Verdict.WON;
        }
        return granted + missing >= needed ? Verdict.PENDING : Verdict.LOST;
    }

    boolean has(long member) {
        return Arrays.stream(voters).anyMatch(voter -> voter == member);
    }
}
