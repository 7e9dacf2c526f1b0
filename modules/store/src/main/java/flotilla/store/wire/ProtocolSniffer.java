package flotilla.store.wire;

import flotilla.platform.door.Seat;
import flotilla.platform.tls.ServerTls;
import io.grpc.Attributes;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets gRPC and HTTP/1.1 share a port: looks at a connection's first bytes and hands it to one of
 * them. An HTTP/2 connection begins with a preface (RFC 9113, 3.4) that no HTTP/1.1 request can be.
 *
 * <p>gRPC offers this place in its pipeline only through {@code Internal*} types, so its version is
 * pinned and a test stands guard.
 */
final class ProtocolSniffer implements InternalProtocolNegotiator.ProtocolNegotiator {
    private static final Logger log = LoggerFactory.getLogger(ProtocolSniffer.class);

    /** The connection that a gRPC call came on, among the call's attributes. */
    static final Attributes.Key<Channel> CONNECTION = Attributes.Key.create("connection");

    /** Whether it came over TLS: there, or not there. Of JSON it is not told. */
    static final Attributes.Key<Boolean> SECURE = Attributes.Key.create("secure");

    private static final byte[] HTTP2 =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** A connection that does not say what it speaks within this time is closed. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final Consumer<ChannelPipeline> http;
    private final @Nullable ServerTls tls;

    /**
     * @param http adds to the end of a pipeline what serves HTTP/1.1
     * @param tls that of the port, if it has any; what is sniffed is what was said over it,
     *     whatever was negotiated
     */
    ProtocolSniffer(Consumer<ChannelPipeline> http, @Nullable ServerTls tls) {
        this.http = http;
        this.tls = tls;
    }

    @Override
    public AsciiString scheme() {
        return AsciiString.of(tls == null ? "http" : "https");
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
        return new FirstBytes(grpc);
    }

    @Override
    public void close() {}

    private final class FirstBytes extends ByteToMessageDecoder {
        private final GrpcHttp2ConnectionHandler grpc;
        private @Nullable ProtocolNegotiationEvent negotiation;
        private @Nullable Future<?> silence;

        FirstBytes(GrpcHttp2ConnectionHandler grpc) {
            this.grpc = grpc;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            if (tls != null) {
                ctx.pipeline().addBefore(ctx.name(), null, tls.gate());
            }
            silence =
                    ctx.executor()
                            .schedule(
                                    () -> {
                                        var _ = ctx.close();
                                    },
                                    SILENCE.toMillis(),
                                    TimeUnit.MILLISECONDS);
        }

        /** A handshake that failed, for which TLS has closed the connection; or the network. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.debug("connection from {} ended early", ctx.channel().remoteAddress(), cause);
            var _ = ctx.close();
        }

        /** gRPC starts its negotiation before the first byte: held until it is known to be gRPC. */
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            if (event instanceof ProtocolNegotiationEvent held) {
                negotiation = held;
            } else {
                super.userEventTriggered(ctx, event);
            }
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            int seen = Math.min(in.readableBytes(), HTTP2.length);
            for (int i = 0; i < seen; i++) {
                if (in.getByte(in.readerIndex() + i) != HTTP2[i]) {
                    becomeHttp(ctx);
                    return;
                }
            }
            if (seen == HTTP2.length) {
                becomeGrpc(ctx);
            }
        }

        private void becomeGrpc(ChannelHandlerContext ctx) {
            stopWaiting();
            grpc.connection().addListener(new Occupancy(grpc.connection(), Seat.of(ctx.channel())));
            ctx.pipeline()
                    .addAfter(
                            ctx.name(),
                            null,
                            InternalProtocolNegotiators.grpcNegotiationHandler(grpc));
            if (negotiation != null) {
                ctx.fireUserEventTriggered(withConnection(negotiation, ctx.channel()));
            }
            ctx.pipeline().remove(this);
        }

        private ProtocolNegotiationEvent withConnection(
                ProtocolNegotiationEvent event, Channel channel) {
            Attributes.Builder attributes =
                    InternalProtocolNegotiationEvent.getAttributes(event).toBuilder()
                            .set(CONNECTION, channel);
            return InternalProtocolNegotiationEvent.withAttributes(
                    event, (tls == null ? attributes : attributes.set(SECURE, true)).build());
        }

        /** What gRPC put behind this handler only buffers writes until it negotiates: it goes. */
        private void becomeHttp(ChannelHandlerContext ctx) {
            stopWaiting();
            ChannelPipeline pipeline = ctx.pipeline();
            while (pipeline.last() != this) {
                pipeline.removeLast();
            }
            http.accept(pipeline);
            pipeline.addLast(new GrpcCommands());
            pipeline.remove(this);
        }

        private void stopWaiting() {
            if (silence != null) {
                silence.cancel(false);
            }
        }

        @Override
        protected void handlerRemoved0(ChannelHandlerContext ctx) {
            stopWaiting();
        }
    }

    /** A gRPC connection is busy while a call is open on it. */
    private static final class Occupancy extends Http2ConnectionAdapter {
        private final Http2Connection connection;
        private final Seat seat;

        Occupancy(Http2Connection connection, Seat seat) {
            this.connection = connection;
            this.seat = seat;
        }

        @Override
        public void onStreamActive(Http2Stream stream) {
            seat.busy();
        }

        @Override
        public void onStreamClosed(Http2Stream stream) {
            if (connection.numActiveStreams() == 0) {
                seat.idle();
            }
        }
    }

    /** gRPC closes its connections by writing commands; an HTTP connection simply closes then. */
    private static final class GrpcCommands extends ChannelDuplexHandler {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (message instanceof HttpObject || message instanceof ByteBuf) {
                var _ = ctx.write(message, promise);
            } else {
                ReferenceCountUtil.release(message);
                promise.setSuccess();
                var _ = ctx.close();
            }
        }
    }
}
