package flotilla.store.log.peer;

import flotilla.platform.tls.ClientTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to peer URLs. On the loop; names are looked up elsewhere, for that may wait.
 */
final class Dialler {
    private final EventLoop loop;
    private final Executor resolvers;
    private final PeerTimes times;
    private final @Nullable ClientTls tls;

    /**
     * @param resolvers run what may wait for a name server
     */
    Dialler(EventLoop loop, Executor resolvers, PeerTimes times, @Nullable ClientTls tls) {
        this.loop = loop;
        this.resolvers = resolvers;
        this.times = times;
        this.tls = tls;
    }

    /** Who wants the connection. */
    interface Caller {
        /** Puts in its handlers, before the connection is there. */
        void install(ChannelPipeline pipeline);

        /** There is none, and its handlers have heard of none. */
        void failed(String why);
    }

    void dial(String url, Caller caller) {
        Address address;
        try {
            address = Address.of(url);
        } catch (IOException e) {
            caller.failed(String.valueOf(e.getMessage()));
            return;
        }
        if (address.encrypted() && tls == null) {
            caller.failed(url + " wants TLS, and this member has none for members: set --peer-*");
        } else if (address.isNumeric()) {
            resolve(address, resolved -> connect(address, resolved, caller), caller);
        } else {
            resolvers.execute(() ->
                    resolve(
                            address,
                            resolved -> loop.execute(() -> connect(address, resolved, caller)),
                            caller));
        }
    }

    private void resolve(Address address, Consumer<InetSocketAddress> then, Caller caller) {
        InetSocketAddress resolved;
        try {
            resolved = address.resolve();
        } catch (IOException e) {
            loop.execute(() -> caller.failed("its name is unknown: " + e.getMessage()));
            return;
        }
        then.accept(resolved);
    }

    private void connect(Address address, InetSocketAddress resolved, Caller caller) {
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) times.connect().toMillis())
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(Link.HANDED_BYTES / 2, Link.HANDED_BYTES))
                .handler(
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                encrypt(channel, address);
                                caller.install(channel.pipeline());
                            }
                        })
                .connect(resolved)
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        caller.failed(String.valueOf(done.cause().getMessage()));
                    }
                });
    }

    private void encrypt(Channel channel, Address address) {
        if (tls != null) {
            channel.pipeline().addLast(tls.handler(channel, address.host(), address.port()));
        }
    }
}
