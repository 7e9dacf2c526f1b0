package flotilla.fleet.schedule;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.schedule.Tier.Entry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The machines that can have units which ask for nothing but metadata and room, by capacity. Many
 * shapes that differ in how much they ask for share them, so that none has to look at each machine.
 */
final class Tiers {
    private final Map<Capacity, Tier> byCapacity = new LinkedHashMap<>();
    private final @Nullable Entry[] bySlot;

    /** How much of the journal of changed machines it knows. */
    private int read;

    /**
     * @param shape one of those that share it
     * @param seats all machines
     * @param read how long the journal is now
     */
    Tiers(Shape shape, Seats seats, int read) {
        this.read = read;
        this.bySlot = new Entry[seats.slots()];
        for (Seat seat : seats.candidates(shape)) {
            if (Check.METADATA.holds(seat, shape) && Check.ELIGIBILITY.holds(seat, shape)) {
                Entry entry = new Entry(seat);
                byCapacity.computeIfAbsent(seat.machine().capacity(), Tier::new).add(entry);
                bySlot[seat.slot] = entry;
            }
        }
        byCapacity.values().forEach(Tier::sort);
    }

    /**
     * Whether nothing but metadata and room keeps such units from a machine, or makes it better.
     */
    static boolean suit(Shape shape) {
        return shape.wants.machineId().isEmpty()
                && !shape.follows()
                && shape.conflicts == null
                && shape.replaces == null
                && shape.namedBy.isEmpty()
                && shape.rankings.equals(Ranking.USUAL);
    }

    /**
     * @param journal the machines that have got a unit, one after another
     */
    void hear(List<Seat> journal) {
        for (; read < journal.size(); read++) {
            Seat seat = journal.get(read);
            Entry entry = bySlot[seat.slot];
            Tier tier = byCapacity.get(seat.machine().capacity());
            if (entry != null && tier != null) {
                tier.move(entry);
            }
        }
    }

    /** Where a unit of the shape is to go; null when no machine can have it. */
    @Nullable Choice choose(Shape shape) {
        Podium podium = new Podium(shape);
        int fitting = 0;
        for (Tier tier : byCapacity.values()) {
            fitting += tier.fitting(shape);
            tier.present(shape, podium);
        }
        return podium.choice(fitting);
    }
}
