package flotilla.platform.tls;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A server on loopback that says back what it hears, over TLS, and clients of it. */
final class TlsPair implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Channel listening;

    TlsPair(ServerTls tls) throws InterruptedException {
        listening =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(tls.gate(), new Echo());
                                    }
                                })
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .sync()
                        .channel();
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            var _ = context.writeAndFlush(bytes);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** An open connection, and what the server showed. */
    record Call(Channel channel, CompletableFuture<String> answer, Certificate shown) {
        String ask(String words) throws Exception {
            var _ = channel.writeAndFlush(Unpooled.copiedBuffer(words, StandardCharsets.UTF_8));
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Whether a client is let in: {@code in}, or why not, as it sees it. */
    String tries(ClientTls tls) throws Exception {
        return tries(tls, "127.0.0.1");
    }

    String tries(ClientTls tls, String host) throws Exception {
        try {
            return call(tls, host).ask("in");
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        }
    }

    Call call(ClientTls tls, String host) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Channel channel =
                new Bootstrap()
                        .group(loops)
                        .channel(NioSocketChannel.class)
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel opened) {
                                        opened.pipeline()
                                                .addLast(
                                                        tls.handler(opened, host, port()),
                                                        new Listener(answer));
                                    }
                                })
                        .connect(listening.localAddress())
                        .sync()
                        .channel();
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        handler.handshakeFuture().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!handler.handshakeFuture().isSuccess()) {
            throw new ExecutionException(handler.handshakeFuture().cause());
        }
        return new Call(channel, answer, handler.engine().getSession().getPeerCertificates()[0]);
    }

    private static final class Listener extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<String> answer;

        Listener(CompletableFuture<String> answer) {
            this.answer = answer;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            ByteBuf buffer = (ByteBuf) bytes;
            answer.complete(buffer.toString(StandardCharsets.UTF_8));
            buffer.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            answer.completeExceptionally(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            answer.completeExceptionally(new java.io.EOFException("the server hung up"));
        }
    }

    @Override
    public void close() throws Exception {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).await();
    }
}
