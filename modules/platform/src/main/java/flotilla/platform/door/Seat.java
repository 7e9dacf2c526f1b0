package flotilla.platform.door;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;

/**
 * A connection's place at its door. Whoever serves it says when it is busy: only then it is sure to
 * keep its place. May be called from any thread, and again and again.
 */
public interface Seat {
    /** Something whole was asked, and is to be answered. */
    void busy();

    /** All that was asked is answered. */
    void idle();

    /** That of a connection; of one that came through no door, a seat that nobody wants. */
    static Seat of(Channel connection) {
        Seat seat = connection.attr(Attribute.SEAT).get();
        return seat == null ? Attribute.NOBODY_WANTS : seat;
    }

    /** Where a connection carries its seat. */
    final class Attribute {
        static final AttributeKey<Seat> SEAT = AttributeKey.valueOf(Seat.class, "seat");

        private static final Seat NOBODY_WANTS =
                new Seat() {
                    @Override
                    public void busy() {}

                    @Override
                    public void idle() {}
                };

        private Attribute() {}
    }
}
