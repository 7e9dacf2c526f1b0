package flotilla.store.log.peer;

import flotilla.platform.Clock;
import flotilla.platform.memory.MemoryBudget;
import flotilla.store.log.Membership;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How one member is connected to the others.
 *
 * @param membership who it is, and whom it knows at first
 * @param reads up to which feature level its program reads
 * @param listen where others reach it; port 0 takes a free one
 * @param loop carries all connections (nio), and calls the {@link
 *     flotilla.store.log.Transport.Receiver}; the consensus core's own
 * @param disk runs what may wait for the disk or for a name server; a thread for each task
 * @param clock goes with the loop's time
 * @param tls null where members talk in plain text
 */
public record PeerConfig(
        Membership membership,
        int reads,
        InetSocketAddress listen,
        EventLoop loop,
        Executor disk,
        Clock clock,
        PeerTimes times,
        PeerLimits limits,
        @Nullable PeerTls tls) {
    /** On virtual threads, with the times of etcd, the limits of this JVM, and no TLS. */
    public static PeerConfig of(
            Membership membership, int reads, InetSocketAddress listen, EventLoop loop) {
        return new PeerConfig(
                membership,
                reads,
                listen,
                loop,
                Thread::startVirtualThread,
                Clock.system(),
                PeerTimes.DEFAULT,
                PeerLimits.of(MemoryBudget.ofThisJvm()),
                null);
    }

    public PeerConfig with(PeerTls other) {
        return new PeerConfig(membership, reads, listen, loop, disk, clock, times, limits, other);
    }

    public PeerConfig with(PeerTimes other) {
        return new PeerConfig(membership, reads, listen, loop, disk, clock, other, limits, tls);
    }

    public PeerConfig with(PeerLimits other) {
        return new PeerConfig(membership, reads, listen, loop, disk, clock, times, other, tls);
    }
}
