package flotilla.store.log.driver;

import java.util.function.LongSupplier;

/**
 * Who leads, as far as this member knows.
 *
 * @param self this member
 * @param known 0 for nobody; from any thread
 */
record Leader(long self, LongSupplier known) {
    long get() {
        return known.getAsLong();
    }
}
