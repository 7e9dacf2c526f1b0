package flotilla.store.apply.lease;

import java.nio.ByteBuffer;

/**
 * A lease as all members know it.
 *
 * @param grantedTtlSeconds how long it lasts from each renewal
 * @param remainingTtlSeconds how long a new leader lets it live before it must be renewed; less
 *     than granted only after a checkpoint
 */
public record Lease(long id, long grantedTtlSeconds, long remainingTtlSeconds) {
    byte[] encode() {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(grantedTtlSeconds)
                .putLong(remainingTtlSeconds)
                .array();
    }

    static Lease decode(long id, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Lease(id, buffer.getLong(), buffer.getLong());
    }
}
