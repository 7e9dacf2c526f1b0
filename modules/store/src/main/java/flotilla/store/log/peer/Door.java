package flotilla.store.log.peer;

import flotilla.platform.door.Admission;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Where other members come in; whoever doesn't say in time that it is one is a stranger. */
final class Door {
    private final ChannelGroup connections;
    private final Channel listening;

    private Door(ChannelGroup connections, Channel listening) {
        this.connections = connections;
        this.listening = listening;
    }

    /**
     * @throws IOException naming the address that can't be had
     */
    static Door open(Outside outside, Incoming.Host host) throws IOException {
        PeerConfig config = outside.config();
        Admission admission =
                new Admission("members at " + config.listen(), config.limits().connections());
        ChannelGroup connections = new DefaultChannelGroup(config.loop(), true);
        ChannelFuture binding =
                new ServerBootstrap()
                        .group(config.loop())
                        .channelFactory(admission.guarding(NioServerSocketChannel::new))
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        connections.add(channel);
                                        furnish(channel, new Incoming(outside, host), outside);
                                    }
                                })
                        .bind(config.listen())
                        .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(
                    "can't listen for members at %s: %s"
                            .formatted(config.listen(), binding.cause().getMessage()),
                    binding.cause());
        }
        return new Door(connections, binding.channel());
    }

    private static void furnish(Channel channel, Incoming incoming, Outside outside) {
        PeerTls tls = outside.config().tls();
        if (tls != null) {
            channel.pipeline().addLast(tls.accepting().gate());
        }
        channel.pipeline().addLast(outside.silence(), incoming.reader(), incoming);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Connections that are open, strangers among them. */
    int connections() {
        return connections.size();
    }

    void close() {
        var _ = listening.close();
        var _ = connections.close();
    }
}
