package flotilla.platform.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Its fields belong to the event loop; a request is handed to a virtual
 * thread, and the next one waits in {@code waiting} until that one is answered, because HTTP/1.1
 * answers in the order of the requests.
 */
final class Connection extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** Requests a client may send ahead of the answers; one more and it is cut off. */
    private static final int PIPELINED_MAX = 64;

    private static final Logger log = LoggerFactory.getLogger(Connection.class);

    private final Handler handler;
    private final ExecutorService handlers;
    private final Queue<Asked> waiting = new ArrayDeque<>();
    private @Nullable Asked current;
    private boolean closing;

    private record Asked(Request request, boolean keepAlive, boolean http10, Gone gone) {}

    /** Whether the client has gone, for the thread that answers, which is woken when it has. */
    static final class Gone {
        private boolean gone;
        private @Nullable Thread streaming;

        synchronized void set() {
            gone = true;
            if (streaming != null) {
                streaming.interrupt();
            }
        }

        synchronized boolean isSet() {
            return gone;
        }

        /** From here on the calling thread is interrupted when the client goes. */
        synchronized void streamingBegins() {
            streaming = Thread.currentThread();
            if (gone) {
                streaming.interrupt();
            }
        }

        synchronized void streamingEnds() {
            streaming = null;
        }
    }

    Connection(Handler handler, ExecutorService handlers) {
        this.handler = handler;
        this.handlers = handlers;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
        if (!message.decoderResult().isSuccess()) {
            refuse(context, status(message.decoderResult().cause()));
            return;
        }
        Request request;
        try {
            request = Requests.read(message);
        } catch (IllegalArgumentException e) {
            refuse(context, HttpResponseStatus.BAD_REQUEST);
            return;
        }
        boolean http10 = message.protocolVersion().equals(HttpVersion.HTTP_1_0);
        Asked asked = new Asked(request, HttpUtil.isKeepAlive(message), http10, new Gone());
        if (current == null) {
            begin(context, asked);
        } else if (waiting.size() < PIPELINED_MAX) {
            waiting.add(asked);
        } else {
            log.warn("a client sent {} requests ahead of the answers: cut off", PIPELINED_MAX);
            var _ = context.close();
        }
    }

    private static HttpResponseStatus status(Throwable unreadable) {
        return switch (unreadable) {
            case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
            case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            default -> HttpResponseStatus.BAD_REQUEST;
        };
    }

    private void begin(ChannelHandlerContext context, Asked asked) {
        current = asked;
        try {
            handlers.execute(() -> answer(context, asked));
        } catch (RejectedExecutionException e) {
            refuse(context, HttpResponseStatus.SERVICE_UNAVAILABLE);
        }
    }

    /** On the request's own thread. */
    private void answer(ChannelHandlerContext context, Asked asked) {
        Response response = respond(asked.request());
        Replies replies = new Replies(context, asked.keepAlive() && !closing, asked.http10());
        boolean whole = true;
        switch (response) {
            case Response.Whole reply -> replies.send(reply);
            case Response.Streamed reply -> whole = stream(replies, reply, asked);
        }
        boolean last = !whole || !replies.keepAlive();
        context.executor().execute(() -> answered(context, last));
    }

    private Response respond(Request request) {
        try {
            return handler.handle(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Response.text(503, "the server is stopping\n");
        } catch (Exception e) {
            log.error("{} {} failed", request.method(), request.path(), e);
            return Response.text(500, (e.getMessage() == null ? e : e.getMessage()) + "\n");
        }
    }

    private boolean stream(Replies replies, Response.Streamed reply, Asked asked) {
        try {
            Response.Sink sink = replies.begin(reply, asked.gone());
            if (!asked.request().method().equals("HEAD")) {
                asked.gone().streamingBegins();
                reply.body().writeTo(sink);
            }
            asked.gone().streamingEnds();
            return replies.end();
        } catch (InterruptedException e) {
            log.debug("stream {} ended: client gone or server closing", asked.request().path());
        } catch (IOException e) {
            if (!asked.gone().isSet()) {
                log.warn("stream {} broke: {}", asked.request().path(), e.toString());
            }
        } catch (RuntimeException e) {
            log.error("stream {} failed", asked.request().path(), e);
        } finally {
            asked.gone().streamingEnds();
        }
        return false; // No end mark was sent: only cutting tells the client that it isn't whole.
    }

    /** Back on the event loop. */
    private void answered(ChannelHandlerContext context, boolean last) {
        current = null;
        if (last || closing) {
            var _ = context.close();
            return;
        }
        Asked next = waiting.poll();
        if (next != null) {
            begin(context, next);
        }
    }

    private static void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
        HttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        response.headers().set(HttpHeaderNames.CONNECTION, "close");
        ChannelFuture sent = context.writeAndFlush(response);
        sent.addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == HttpServer.Closing.NOW) {
            context.executor().execute(() -> close(context));
        } else if (event instanceof IdleStateEvent && current == null) {
            var _ = context.close();
        } else {
            super.userEventTriggered(context, event);
        }
    }

    private void close(ChannelHandlerContext context) {
        closing = true;
        if (current == null) {
            var _ = context.close();
        } else {
            current.gone().set();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (current != null) {
            current.gone().set();
        }
        waiting.clear();
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("connection cut: {}", cause.toString());
        var _ = context.close();
    }
}
