package flotilla.fleet.agent;

import java.time.Duration;

/**
 * By when a machine that can't renew its lease has ended what must not run twice. All is counted
 * from when its last accepted renewal was <em>sent</em>, by a clock that only grows: the store
 * can't have taken the lease for ended before {@code ttl} after that, and gives such units away no
 * sooner than {@link #graceMillis} later. So all must be over by twice the TTL, less what two
 * clocks may differ by; a tenth of it and more is left for the kill to be carried out.
 *
 * @param stopAfterMillis when such units are asked to stop: late enough for one renewal to be lost
 * @param killAfterMillis when those that are still there are killed
 * @param graceMillis how long after the end of the lease others are to wait
 */
public record Fence(long stopAfterMillis, long killAfterMillis, long graceMillis) {
    /**
     * @param ttl of the machine's lease, which is renewed three times in it
     */
    public static Fence of(Duration ttl) {
        long millis = ttl.toMillis();
        return new Fence(millis * 7 / 10, millis * 17 / 10, millis);
    }
}
