package flotilla.fleet.schedule;

import flotilla.fleet.schedule.Choice.Rated;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The machines that can have a unit of one shape, the best one first: a heap that is put right, at
 * the price of a logarithm, for each machine that has changed since it was last asked. So a batch
 * of one shape looks at all machines once, and not once for each unit.
 *
 * <p>With {@code SpreadOver=} the machines that have the same value are a heap of their own, and
 * the values are one: what comes to a machine makes all of its value worse, at the same price.
 */
final class Contest {
    private final Shape shape;
    private final Tally tally;

    /** The shape's, without the first where that is {@code SpreadOver=}. */
    private final List<Ranking> rankings;

    private final Heap<Value> values = new Heap<>();
    private final Map<Optional<String>, Value> byValue = new HashMap<>();
    private final @Nullable Bid[] bySlot;
    private int size;

    /** How much of the journal of changed machines it knows. */
    private int read;

    /** A machine, with what the rankings say of it; they agree on what its value counts. */
    private static final class Bid extends Heap.Member<Bid> {
        final Seat seat;
        final long[] costs;

        Bid(Seat seat, int rankings) {
            this.seat = seat;
            this.costs = new long[rankings];
        }

        @Override
        boolean isBetterThan(Bid other) {
            for (int i = 0; i < costs.length; i++) {
                if (costs[i] != other.costs[i]) {
                    return costs[i] < other.costs[i];
                }
            }
            return seat.id().compareTo(other.seat.id()) < 0;
        }
    }

    /** The machines of one value, never none; all, where it does not matter. */
    private static final class Value extends Heap.Member<Value> {
        final Heap<Bid> bids = new Heap<>();
        long instances;

        @Override
        boolean isBetterThan(Value other) {
            return instances == other.instances
                    ? bids.first().isBetterThan(other.bids.first())
                    : instances < other.instances;
        }
    }

    /**
     * @param among all that can have it are among these
     * @param seats all machines
     * @param read how long the journal is now
     */
    Contest(Shape shape, Collection<Seat> among, Seats seats, int read) {
        this.shape = shape;
        this.tally = new Tally(shape, seats);
        this.rankings = shape.rankings.stream().filter(one -> one != Ranking.SPREAD_OVER).toList();
        this.read = read;
        this.bySlot = new Bid[seats.slots()];
        for (Seat seat : among) {
            if (Check.allHold(Check.ARRIVAL, seat, shape)) {
                Bid bid = new Bid(seat, rankings.size());
                estimate(bid);
                byValue.computeIfAbsent(tally.value(seat), _ -> new Value()).bids.add(bid);
                bySlot[seat.slot] = bid;
                size++;
            }
        }
        byValue.forEach((said, value) -> {
            value.instances = tally.of(said);
            values.add(value);
        });
    }

    private void estimate(Bid bid) {
        for (int i = 0; i < bid.costs.length; i++) {
            bid.costs[i] = rankings.get(i).cost(bid.seat, shape, tally);
        }
    }

    /** Where a unit is to go now; null when no machine can have it. */
    @Nullable Choice choose() {
        if (size == 0) {
            return null;
        }
        Value value = values.first();
        Rated best = rated(value.bids.first(), value);
        Bid sameValue = value.bids.second();
        Value otherValue = values.second();
        Rated beside = sameValue == null ? null : rated(sameValue, value);
        Rated elsewhere = otherValue == null ? null : rated(otherValue.bids.first(), otherValue);
        boolean isBeside = elsewhere == null || (beside != null && beside.isBetterThan(elsewhere));
        return new Choice(size, best, isBeside ? beside : elsewhere);
    }

    private Rated rated(Bid bid, Value value) {
        if (rankings.size() == shape.rankings.size()) {
            return new Rated(bid.seat, bid.costs.clone());
        }
        long[] costs = new long[shape.rankings.size()];
        costs[0] = value.instances;
        System.arraycopy(bid.costs, 0, costs, 1, bid.costs.length);
        return new Rated(bid.seat, costs);
    }

    /**
     * @param journal the machines that have got a unit, one after another
     */
    void hear(List<Seat> journal) {
        for (; read < journal.size(); read++) {
            hear(journal.get(read));
        }
    }

    private void hear(Seat seat) {
        tally.hear(seat);
        Optional<String> said = tally.value(seat);
        Value value = byValue.get(said);
        if (value == null) {
            return;
        }
        value.instances = tally.of(said);
        Bid bid = bySlot[seat.slot];
        if (bid != null && !Check.allHold(Check.ARRIVAL, seat, shape)) {
            bySlot[seat.slot] = null;
            value.bids.remove(bid);
            size--;
        } else if (bid != null) {
            estimate(bid);
            value.bids.mend(bid);
        }
        if (value.bids.size() > 0) {
            values.mend(value);
        } else {
            values.remove(value);
            byValue.remove(said);
        }
    }
}
