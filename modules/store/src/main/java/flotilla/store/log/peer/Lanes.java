package flotilla.store.log.peer;

import flotilla.store.log.peer.Kind.Lane;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * What waits to be sent to one member, by {@link Lane}. Bounded: where a bound is passed the oldest
 * of the lane go. One ordered parcel alone may pass it, for the largest command must get through. A
 * snapshot's parcels are not counted: a window of its own bounds them.
 */
final class Lanes {
    /** Urgent parcels that wait: some seconds of them, each a few dozen bytes. */
    static final int URGENT_MAX = 4_096;

    private final long mostWeight;
    private final Deque<Outgoing> urgent = new ArrayDeque<>();
    private final Deque<Outgoing> ordered = new ArrayDeque<>();
    private final Deque<Outgoing> snapshot = new ArrayDeque<>();
    private long weight;

    /**
     * @param mostWeight bytes of ordered parcels, with {@link Outgoing#OVERHEAD_BYTES} for each
     */
    Lanes(long mostWeight) {
        this.mostWeight = mostWeight;
    }

    /**
     * @return those that had to go for it
     */
    List<Outgoing> add(Outgoing parcel) {
        lane(parcel).addLast(parcel);
        return switch (parcel.kind().lane()) {
            case URGENT -> urgent.size() > URGENT_MAX ? List.of(urgent.removeFirst()) : List.of();
            case ORDERED -> {
                weight += parcel.weight();
                yield weight > mostWeight ? dropOldest() : List.of();
            }
            case SNAPSHOT -> List.of();
        };
    }

    /** But never the newest, and none of which a part has been sent. */
    private List<Outgoing> dropOldest() {
        List<Outgoing> dropped = new ArrayList<>();
        Iterator<Outgoing> oldest = ordered.iterator();
        while (weight > mostWeight) {
            Outgoing parcel = oldest.next();
            if (!oldest.hasNext()) {
                break;
            }
            if (!parcel.begun()) {
                oldest.remove();
                weight -= parcel.weight();
                dropped.add(parcel);
            }
        }
        return dropped;
    }

    private Deque<Outgoing> lane(Outgoing parcel) {
        return switch (parcel.kind().lane()) {
            case URGENT -> urgent;
            case ORDERED -> ordered;
            case SNAPSHOT -> snapshot;
        };
    }

    boolean isEmpty() {
        return urgent.isEmpty() && ordered.isEmpty() && snapshot.isEmpty();
    }

    /** How large a buffer {@link #fill} needs, no more than that. */
    int bytesAhead(int most) {
        long ahead = weight + urgent.size() * (long) Outgoing.OVERHEAD_BYTES;
        return snapshot.isEmpty() ? (int) Math.min(most, ahead) : most;
    }

    /** Of the ordered parcels. */
    long weight() {
        return weight;
    }

    /** Which lane a frame would come from now. */
    private Deque<Outgoing> next() {
        if (!urgent.isEmpty()) {
            return urgent;
        }
        return ordered.isEmpty() ? snapshot : ordered;
    }

    /**
     * Writes frames until nothing waits or the buffer holds enough; it may then hold a frame more.
     */
    void fill(ByteBuf out, int enoughBytes, QuestionsLeft left) {
        while (!isEmpty() && out.readableBytes() < enoughBytes) {
            Deque<Outgoing> lane = next();
            Outgoing parcel = lane.getFirst();
            if (parcel.kind() == Kind.QUESTION && !parcel.begun()) {
                left.leaves(parcel.question());
            }
            if (parcel.writeFrame(out)) {
                lane.removeFirst();
                if (parcel.kind().lane() == Lane.ORDERED) {
                    weight -= parcel.weight();
                }
            }
        }
    }

    /** Is told of a question before its first byte is sent. */
    interface QuestionsLeft {
        void leaves(long question);
    }

    /** Takes all away. */
    List<Outgoing> clear() {
        List<Outgoing> all = new ArrayList<>(urgent);
        all.addAll(ordered);
        all.addAll(snapshot);
        urgent.clear();
        ordered.clear();
        snapshot.clear();
        weight = 0;
        return all;
    }
}
