package flotilla.platform.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * Writes one answer, from the request's own thread. Every write waits until the kernel has taken
 * the bytes: that is the back-pressure, a stream is never further ahead of its client than the
 * socket's buffer.
 */
final class Replies {
    private final ChannelHandlerContext context;
    private final boolean http10;
    private final boolean keepAlive;
    private final boolean headOnly;

    Replies(ChannelHandlerContext context, Assembly.Whole asked, boolean closing) {
        this.context = context;
        this.keepAlive = asked.keepAlive() && !closing;
        this.http10 = asked.http10();
        this.headOnly = asked.request().method().equals("HEAD");
    }

    /** Whether the connection outlives the answer; it can't when its end is the body's end. */
    boolean keepAlive() {
        return keepAlive;
    }

    void send(Response.Whole reply) {
        HttpResponseStatus status = HttpResponseStatus.valueOf(reply.status());
        HttpResponse response =
                headOnly
                        ? new HeadOnly(status)
                        : new DefaultFullHttpResponse(
                                HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(reply.body()));
        head(response, reply);
        if (reply.status() != 204 && reply.status() != 304) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
        }
        context.writeAndFlush(response).awaitUninterruptibly();
    }

    Response.Sink begin(Response.Streamed reply, Connection.Gone gone) throws IOException {
        HttpResponseStatus status = HttpResponseStatus.valueOf(reply.status());
        HttpResponse response =
                headOnly
                        ? new HeadOnly(status)
                        : new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
        head(response, reply);
        if (http10) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else {
            response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        await(context.writeAndFlush(response));
        return new Response.Sink() {
            @Override
            public void write(byte[] chunk) throws IOException {
                if (closed()) {
                    throw new IOException("the client has gone");
                }
                if (chunk.length > 0) {
                    await(
                            context.writeAndFlush(
                                    new DefaultHttpContent(Unpooled.wrappedBuffer(chunk))));
                }
            }

            @Override
            public boolean closed() {
                return gone.isSet() || !context.channel().isActive();
            }
        };
    }

    /** Marks the stream's end; false when the connection must be cut to mark it. */
    boolean end() throws IOException {
        if (headOnly) {
            return !http10;
        }
        await(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
        return !http10;
    }

    private void head(HttpResponse response, Response reply) {
        reply.headers().forEach((name, value) -> response.headers().set(name, value));
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (http10) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }

    private static void await(ChannelFuture write) throws IOException {
        try {
            write.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the client was slow");
        }
        if (!write.isSuccess()) {
            throw new IOException("the client has gone", write.cause());
        }
    }
}
