package flotilla.store.log.peer;

import flotilla.store.FreePort;
import flotilla.store.log.Membership;
import flotilla.store.log.Membership.Peer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A member's transport on a loop of its own, on the loopback address. */
final class TestMember implements AutoCloseable {
    static final long CLUSTER = 0xc1;

    private final EventLoopGroup loops;
    private final Inbox inbox;
    private final PeerTransport transport;

    private TestMember(
            EventLoopGroup loops, Inbox inbox, Membership who, UnaryOperator<PeerConfig> settings)
            throws IOException {
        this.loops = loops;
        this.inbox = inbox;
        int port = port(who.members().stream().filter(m -> m.id() == who.self()).findAny().get());
        InetSocketAddress listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        PeerConfig config = settings.apply(PeerConfig.of(who, 0, listen, loops.next()));
        this.transport = PeerTransport.open(config, inbox);
    }

    private static int port(Peer peer) {
        String url = peer.peerUrls().getFirst();
        return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }

    /** Members of these ids, each at a free port. */
    static List<Peer> peers(long... ids) {
        return Arrays.stream(ids)
                .mapToObj(id ->
                        new Peer(id, "m" + id, List.of("http://127.0.0.1:" + FreePort.take())))
                .toList();
    }

    static TestMember start(long id, List<Peer> peers) throws IOException {
        return start(new Membership(CLUSTER, id, peers), config -> config);
    }

    static TestMember start(Membership who, UnaryOperator<PeerConfig> settings) throws IOException {
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("member-" + who.self(), true),
                        NioIoHandler.newFactory());
        return new TestMember(loops, new Inbox(), who, settings);
    }

    Inbox inbox() {
        return inbox;
    }

    PeerTransport transport() {
        return transport;
    }

    EventLoop loop() {
        return loops.next();
    }

    @Override
    public void close() {
        transport.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
