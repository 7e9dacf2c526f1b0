package flotilla.store.wire;

import flotilla.platform.http.Handler;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves HTTP/1.1 on a connection that the {@link ProtocolSniffer} found to speak it: one request
 * at a time, each on a virtual thread.
 */
final class HttpPipeline extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger log = LoggerFactory.getLogger(HttpPipeline.class);

    /** The largest body: a request as JSON is up to a third larger than its 1.5 MiB. */
    private static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

    private final Handler handler;

    private HttpPipeline(Handler handler) {
        this.handler = handler;
    }

    static void install(ChannelPipeline pipeline, Handler handler) {
        pipeline.addLast(
                new HttpServerCodec(),
                new HttpServerKeepAliveHandler(),
                new HttpObjectAggregator(MAX_BODY_BYTES),
                new HttpPipeline(handler));
    }

    /** The next request of the connection is not read before this one is answered. */
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
        Request request = request(message);
        ctx.channel().config().setAutoRead(false);
        Thread.ofVirtual()
                .name("etcd-http")
                .start(() -> {
                    answer(ctx, request);
                    ctx.channel().config().setAutoRead(true);
                });
    }

    private static Request request(FullHttpRequest message) {
        QueryStringDecoder uri = new QueryStringDecoder(message.uri());
        Map<String, String> headers = new LinkedHashMap<>();
        message.headers()
                .forEach(header ->
                        headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        return new Request(
                message.method().name(),
                uri.path(),
                uri.parameters(),
                headers,
                ByteBufUtil.getBytes(message.content()));
    }

    private void answer(ChannelHandlerContext ctx, Request request) {
        try {
            switch (handler.handle(request)) {
                case Response.Whole whole -> write(ctx, whole, request.method().equals("HEAD"));
                case Response.Streamed streamed -> stream(ctx, streamed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var _ = ctx.close();
        } catch (IOException e) {
            log.debug("client of {} has gone: {}", request.path(), e.getMessage());
            var _ = ctx.close();
        } catch (Exception e) {
            log.warn("{} {} failed", request.method(), request.path(), e);
            write(ctx, (Response.Whole) Response.text(500, "Internal Server Error\n"), false);
        }
    }

    private static void write(ChannelHandlerContext ctx, Response.Whole whole, boolean head) {
        ByteBuf body = head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(whole.body());
        DefaultFullHttpResponse message =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(whole.status()), body);
        headers(message, whole);
        HttpUtil.setContentLength(message, whole.body().length);
        var _ = ctx.writeAndFlush(message);
    }

    private static void stream(ChannelHandlerContext ctx, Response.Streamed streamed)
            throws IOException, InterruptedException {
        HttpResponse head =
                new DefaultHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(streamed.status()));
        headers(head, streamed);
        HttpUtil.setTransferEncodingChunked(head, true);
        var _ = ctx.writeAndFlush(head);
        // Reading on is how a client that goes away is noticed.
        ctx.channel().config().setAutoRead(true);
        streamed.body().writeTo(new Chunks(ctx));
        var _ = ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private static void headers(HttpResponse message, Response response) {
        response.headers().forEach((name, value) -> message.headers().set(name, value));
        if (!message.headers().contains(HttpHeaderNames.CONTENT_TYPE)) {
            message.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("connection {}: {}", ctx.channel().remoteAddress(), cause.toString());
        var _ = ctx.close();
    }

    /** Writes wait for the network, so a slow client holds up only its own virtual thread. */
    private record Chunks(ChannelHandlerContext ctx) implements Response.Sink {
        @Override
        public void write(byte[] chunk) throws IOException {
            if (closed()) {
                throw new IOException("connection closed");
            }
            try {
                ctx.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(chunk))).sync();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while writing", e);
            } catch (RuntimeException e) {
                throw new IOException("connection lost", e);
            }
        }

        @Override
        public boolean closed() {
            return !ctx.channel().isActive();
        }
    }
}
