package flotilla.store.log.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * Opens connections to peer URLs. On the loop; names are looked up elsewhere, for that may wait.
 */
final class Dialler {
    private final PeerConfig config;

    Dialler(PeerConfig config) {
        this.config = config;
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
        if (address.encrypted() && config.tls() == null) {
            caller.failed(url + " wants TLS, and this member has none for members: set --peer-*");
        } else if (address.isNumeric()) {
            resolve(address, resolved -> connect(address, resolved, caller), caller);
        } else {
            config.disk()
                    .execute(() ->
                            resolve(
                                    address,
                                    resolved ->
                                            config.loop()
                                                    .execute(() ->
                                                            connect(address, resolved, caller)),
                                    caller));
        }
    }

    private void resolve(Address address, Consumer<InetSocketAddress> then, Caller caller) {
        InetSocketAddress resolved;
        try {
            resolved = address.resolve();
        } catch (IOException e) {
            config.loop().execute(() -> caller.failed("its name is unknown: " + e.getMessage()));
            return;
        }
        then.accept(resolved);
    }

    private void connect(Address address, InetSocketAddress resolved, Caller caller) {
        new Bootstrap()
                .group(config.loop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        (int) config.times().connect().toMillis())
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
        PeerTls tls = config.tls();
        if (tls != null) {
            channel.pipeline()
                    .addLast(tls.dialling().handler(channel, address.host(), address.port()));
        }
    }
}
