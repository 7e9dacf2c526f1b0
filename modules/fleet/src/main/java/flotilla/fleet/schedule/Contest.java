package flotilla.fleet.schedule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The machines that can have a unit of one shape, the best one first: a heap that is put right, at
 * the price of a logarithm, for each machine that has changed since it was last asked. So a batch
 * of one shape looks at all machines once, and not once for each unit.
 */
final class Contest {
    private final Shape shape;
    private final List<Bid> heap = new ArrayList<>();
    private final @Nullable Bid[] bySlot;

    /** How much of the journal of changed machines it knows. */
    private int read;

    private static final class Bid {
        final Seat seat;
        final long[] costs = new long[Ranking.ALL.size()];
        int at;

        Bid(Seat seat) {
            this.seat = seat;
        }
    }

    /**
     * @param among all that can have it are among these
     * @param slots as many as seats have at most
     * @param read how long the journal is now
     */
    Contest(Shape shape, Collection<Seat> among, int slots, int read) {
        this.shape = shape;
        this.read = read;
        this.bySlot = new Bid[slots];
        for (Seat seat : among) {
            if (Check.allHold(Check.ARRIVAL, seat, shape)) {
                Bid bid = new Bid(seat);
                value(bid);
                bid.at = heap.size();
                heap.add(bid);
                bySlot[seat.slot] = bid;
            }
        }
        for (int i = heap.size() / 2 - 1; i >= 0; i--) {
            sink(heap.get(i));
        }
    }

    /** How many machines can have a unit now. */
    int size() {
        return heap.size();
    }

    /** Fails when there is none. */
    Seat best() {
        return heap.getFirst().seat;
    }

    /**
     * @param journal the machines that have got a unit, one after another
     */
    void hear(List<Seat> journal) {
        for (; read < journal.size(); read++) {
            Bid bid = bySlot[journal.get(read).slot];
            if (bid == null) {
                continue;
            }
            if (Check.allHold(Check.ARRIVAL, bid.seat, shape)) {
                value(bid);
                rise(bid);
                sink(bid);
            } else {
                withdraw(bid);
            }
        }
    }

    private void value(Bid bid) {
        for (int i = 0; i < bid.costs.length; i++) {
            bid.costs[i] = Ranking.ALL.get(i).cost(bid.seat, shape);
        }
    }

    private void withdraw(Bid bid) {
        bySlot[bid.seat.slot] = null;
        Bid last = heap.removeLast();
        if (last != bid) {
            put(last, bid.at);
            rise(last);
            sink(last);
        }
    }

    private void rise(Bid bid) {
        while (bid.at > 0) {
            Bid above = heap.get((bid.at - 1) / 2);
            if (!isBetter(bid, above)) {
                return;
            }
            swap(bid, above);
        }
    }

    private void sink(Bid bid) {
        while (true) {
            int below = 2 * bid.at + 1;
            if (below >= heap.size()) {
                return;
            }
            Bid best = heap.get(below);
            if (below + 1 < heap.size() && isBetter(heap.get(below + 1), best)) {
                best = heap.get(below + 1);
            }
            if (!isBetter(best, bid)) {
                return;
            }
            swap(bid, best);
        }
    }

    private void swap(Bid one, Bid other) {
        int at = one.at;
        put(one, other.at);
        put(other, at);
    }

    private void put(Bid bid, int at) {
        heap.set(at, bid);
        bid.at = at;
    }

    private static boolean isBetter(Bid one, Bid other) {
        for (int i = 0; i < one.costs.length; i++) {
            if (one.costs[i] != other.costs[i]) {
                return one.costs[i] < other.costs[i];
            }
        }
        return one.seat.id().compareTo(other.seat.id()) < 0;
    }
}
