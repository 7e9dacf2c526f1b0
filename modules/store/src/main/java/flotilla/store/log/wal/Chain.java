package flotilla.store.log.wal;

import java.util.zip.CRC32C;

/**
 * The CRC32C (RFC 3720, B.4) of all data so far, which can be taken up again from its value: each
 * record's checksum covers every record before it, so that none can be lost, moved or exchanged
 * unseen.
 */
final class Chain {
    /** The Castagnoli polynomial, reflected. */
    private static final int POLYNOMIAL = 0x82F63B78;

    private final CRC32C crc = new CRC32C();

    /** Goes on after data whose checksum was {@code value}. */
    static Chain from(int value) {
        Chain chain = new Chain();
        byte[] prefix = prefixOf(value);
        chain.add(prefix, 0, prefix.length);
        return chain;
    }

    void add(byte[] bytes, int from, int length) {
        crc.update(bytes, from, length);
    }

    int value() {
        return (int) crc.getValue();
    }

    /**
     * The JDK's CRC32C can't be set to a value. But exactly one sequence of four bytes has it as
     * its checksum: turn the register back by 32 steps, and see in what it differs from the one
     * that every checksum begins with.
     */
    private static byte[] prefixOf(int value) {
        int register = ~value;
        for (int step = 0; step < Integer.SIZE; step++) {
            // A step forward shifts right and adds the polynomial, whose top bit is set, if a one
            // fell out: so the top bit tells which it was.
            register = register < 0 ? (register ^ POLYNOMIAL) << 1 | 1 : register << 1;
        }
        int bytes = ~register;
        return new byte[] {
            (byte) bytes, (byte) (bytes >>> 8), (byte) (bytes >>> 16), (byte) (bytes >>> 24)
        };
    }
}
