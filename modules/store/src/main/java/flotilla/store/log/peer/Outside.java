package flotilla.store.log.peer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** What all connections of one member have in common. */
record Outside(PeerConfig config, Dialler dialler, Complaints complaints, IntSupplier level) {
    /**
     * @param level the cluster's feature level, as far as it is known here
     */
    static Outside of(PeerConfig config, IntSupplier level) {
        Dialler dialler =
                new Dialler(
                        config.loop(),
                        config.disk(),
                        config.times(),
                        config.tls() == null ? null : config.tls().dialling());
        return new Outside(config, dialler, new Complaints(config.clock()), level);
    }

    long self() {
        return config.membership().self();
    }

    /** At once if that is where we are, for order's and speed's sake. */
    void onLoop(Runnable task) {
        if (config.loop().inEventLoop()) {
            task.run();
        } else {
            config.loop().execute(task);
        }
    }

    /** The first word to a member. */
    Hello hello(long to) {
        var membership = config.membership();
        var urls =
                membership.members().stream()
                        .filter(peer -> peer.id() == membership.self())
                        .flatMap(peer -> peer.peerUrls().stream())
                        .toList();
        return new Hello(Hello.VERSION, membership.clusterId(), self(), to, config.reads(), urls);
    }

    /** Closes a connection on which nothing has come in for too long. */
    ChannelHandler silence() {
        return new ReadTimeoutHandler(config.times().silence().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Does something to a connection whose other side has not said who it is in time. */
    Future<?> ifNotGreeted(Channel connection, Runnable then) {
        return connection
                .eventLoop()
                .schedule(then, config.times().handshake().toMillis(), TimeUnit.MILLISECONDS);
    }
}
