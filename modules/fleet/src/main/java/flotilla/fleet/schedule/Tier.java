package flotilla.fleet.schedule;

import flotilla.fleet.job.Capacity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Machines of one capacity, ordered by the memory and by the CPU they have given: the two that are
 * best for a unit are found from the free ends of both, without looking at the others.
 *
 * <p>Whoever has not been come to in either order has given at least as much of both as those that
 * come next in them. So once that is more than what the second best has, the search is over
 * (Fagin's threshold algorithm). Of those that have given the same, all are passed over once one
 * comes that can't be among the two best: the others have as many units at least, or a higher id.
 */
final class Tier {
    private final Capacity capacity;
    private final Order byMemory = new Order(entry -> entry.memory);
    private final Order byCpu = new Order(entry -> entry.milliCpus);

    /** A machine as it was when it was put in order. */
    static final class Entry {
        final Seat seat;
        private long memory;
        private long milliCpus;
        private int units;

        Entry(Seat seat) {
            this.seat = seat;
            read();
        }

        private void read() {
            memory = seat.memoryCounted();
            milliCpus = seat.milliCpusCounted();
            units = seat.count();
        }
    }

    Tier(Capacity capacity) {
        this.capacity = capacity;
    }

    /** To be sorted then. */
    void add(Entry entry) {
        byMemory.entries.add(entry);
        byCpu.entries.add(entry);
    }

    void sort() {
        byMemory.entries.sort(byMemory.order);
        byCpu.entries.sort(byCpu.order);
    }

    /** Its machine has got a unit, or lost one. */
    void move(Entry entry) {
        byMemory.remove(entry);
        byCpu.remove(entry);
        entry.read();
        byMemory.insert(entry);
        byCpu.insert(entry);
    }

    /** How many can have a unit of the shape. */
    int fitting(Shape shape) {
        if (byMemory.entries.isEmpty()
                || !Check.CPU.holds(byMemory.entries.getFirst().seat, shape)) {
            return 0;
        }
        long wanted = shape.wants.demand().memoryBytes().orElse(0);
        return wanted == 0 || capacity.memoryBytes() == 0
                ? byMemory.entries.size()
                : byMemory.after(capacity.memoryBytes() - wanted, 0);
    }

    /** Shows the podium all that might come onto it. */
    void present(Shape shape, Podium podium) {
        int fitting = fitting(shape);
        Demand demand = shape.wants.demand();
        Walk memory = new Walk(byMemory, demand.memoryOrDefault(), capacity.memoryBytes());
        Walk cpu = new Walk(byCpu, demand.milliCpusOrDefault(), capacity.milliCpus());
        while (memory.at < fitting && cpu.at < byCpu.entries.size()) {
            // The one that says more alone is the one that can end the search.
            Walk further = memory.load() >= cpu.load() ? memory : cpu;
            if (podium.isOutOfReach(further.load(), 0, "")) {
                return;
            }
            further.step(podium);
        }
    }

    /** The way along one order. */
    private static final class Walk {
        private final Order order;
        private final long demand;
        private final long capacity;
        private int at;
        private long load = -1;

        Walk(Order order, long demand, long capacity) {
            this.order = order;
            this.demand = demand;
            this.capacity = capacity;
        }

        private Entry next() {
            return order.entries.get(at);
        }

        /** What its amount alone would make the load of the next machine. */
        long load() {
            if (load < 0) {
                load = Ranking.share(order.amount.applyAsLong(next()) + demand, capacity);
            }
            return load;
        }

        void step(Podium podium) {
            Entry entry = next();
            boolean shown = !podium.isOutOfReach(load(), entry.units, entry.seat.id());
            if (shown) {
                podium.show(entry.seat);
            }
            at++;
            if (at < order.entries.size() && order.compareAmounts(entry, next()) == 0) {
                if (shown) {
                    return;
                }
                at = order.after(order.amount.applyAsLong(entry), at);
            }
            load = -1;
        }
    }

    /** Entries by one amount; of the same amount those with fewer units first, then by id. */
    private static final class Order {
        private final List<Entry> entries = new ArrayList<>();
        private final ToLongFunction<Entry> amount;
        private final Comparator<Entry> order;

        Order(ToLongFunction<Entry> amount) {
            this.amount = amount;
            this.order =
                    (one, other) -> {
                        int first = compareAmounts(one, other);
                        int second = first == 0 ? Integer.compare(one.units, other.units) : first;
                        return second == 0 ? one.seat.id().compareTo(other.seat.id()) : second;
                    };
        }

        int compareAmounts(Entry one, Entry other) {
            return Long.compare(amount.applyAsLong(one), amount.applyAsLong(other));
        }

        /** How many have that amount at most, if those before an index are known to. */
        int after(long most, int known) {
            int low = known;
            int high = entries.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (amount.applyAsLong(entries.get(middle)) <= most) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        void remove(Entry entry) {
            entries.remove(Collections.binarySearch(entries, entry, order));
        }

        void insert(Entry entry) {
            entries.add(-1 - Collections.binarySearch(entries, entry, order), entry);
        }
    }
}
