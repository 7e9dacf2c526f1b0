package flotilla.platform;

import java.time.Instant;

/** Time as a port, so that nothing that decides by it must sleep to be tested. */
public interface Clock {
    /** Nanoseconds that only ever grow, from an arbitrary origin; for intervals and deadlines. */
    long nanos();

    /** The wall clock; for people to read, never to measure with. */
    Instant now();

    /** The clocks of this host. */
    static Clock system() {
        return new Clock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public Instant now() {
                return Instant.now();
            }
        };
    }
}
