package flotilla.platform.http;

import flotilla.platform.door.Seat;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    /** So many requests ahead of the answers, and the client is read no further for now. */
    private static final int PIPELINED_MAX = 64;

    private static final Logger log = LoggerFactory.getLogger(Connection.class);

    private final Handler handler;
    private final ExecutorService handlers;
    private final BodyBudget budget;
    private final Assembly assembly;
    private final Patience patience;
    private final Queue<Asked> waiting = new ArrayDeque<>();
    private @Nullable Asked current;
    private boolean continueOwed;
    private boolean deaf;
    private boolean closing;

    private record Asked(Assembly.Step step, Gone gone) {}

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

    Connection(HttpPipeline door, Patience patience) {
        this.handler = door.handler();
        this.handlers = door.handlers();
        this.budget = door.budget();
        this.assembly = new Assembly(door.limits().bodyBytes(), budget);
        this.patience = patience;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject piece) {
        if (deaf) {
            return;
        }
        Assembly.Step step = assembly.take(piece);
        switch (step) {
            case Assembly.Wait.MORE -> {}
            case Assembly.Wait.BODY -> patience.headComplete();
            case Assembly.Wait.CONTINUE -> {
                patience.headComplete();
                continueOwed = true;
                payContinue(context);
            }
            case Assembly.Whole _ -> {
                continueOwed = false;
                patience.calm();
                enqueue(context, step);
            }
            case Assembly.Refused refused -> hearNoMore(context, refused);
        }
    }

    private void hearNoMore(ChannelHandlerContext context, Assembly.Refused refused) {
        deaf = true;
        patience.calm();
        assembly.abandon();
        enqueue(context, refused);
    }

    private void enqueue(ChannelHandlerContext context, Assembly.Step step) {
        Asked asked = new Asked(step, new Gone());
        if (current == null) {
            begin(context, asked);
            return;
        }
        waiting.add(asked);
        if (waiting.size() >= PIPELINED_MAX) {
            context.channel().config().setAutoRead(false);
        }
    }

    /** An interim answer, too, comes only after the answers to the requests before. */
    private void payContinue(ChannelHandlerContext context) {
        if (continueOwed && current == null) {
            continueOwed = false;
            var _ =
                    context.writeAndFlush(
                            new DefaultFullHttpResponse(
                                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    private void begin(ChannelHandlerContext context, Asked asked) {
        current = asked;
        Seat.of(context.channel()).busy();
        switch (asked.step()) {
            case Assembly.Whole whole -> {
                try {
                    handlers.execute(() -> answer(context, whole, asked.gone()));
                } catch (RejectedExecutionException e) {
                    budget.giveBack(whole.reserved());
                    refuse(context, new Assembly.Refused(503, "the server is stopping"));
                }
            }
            case Assembly.Refused refused -> refuse(context, refused);
            case Assembly.Wait _ -> throw new IllegalStateException("nothing is asked yet");
        }
    }

    /** On the request's own thread. */
    private void answer(ChannelHandlerContext context, Assembly.Whole asked, Gone gone) {
        Replies replies = new Replies(context, asked, closing);
        boolean whole = true;
        try {
            Channel from = context.channel();
            Request request =
                    asked.request()
                            .from(
                                    from.remoteAddress(),
                                    () -> PeerUser.of(from),
                                    PeerCertificate.of(from),
                                    gone::isSet);
            switch (respond(request)) {
                case Response.Whole reply -> replies.send(reply);
                case Response.Streamed reply ->
                        whole = stream(replies, reply, asked.request(), gone);
            }
        } finally {
            budget.giveBack(asked.reserved());
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

    private static boolean stream(
            Replies replies, Response.Streamed reply, Request request, Gone gone) {
        try {
            Response.Sink sink = replies.begin(reply, gone);
            if (!request.method().equals("HEAD")) {
                gone.streamingBegins();
                reply.body().writeTo(sink);
            }
            gone.streamingEnds();
            return replies.end();
        } catch (InterruptedException e) {
            log.debug("stream {} ended: client gone or server closing", request.path());
        } catch (IOException e) {
            if (!gone.isSet()) {
                log.warn("stream {} broke: {}", request.path(), e.toString());
            }
        } catch (RuntimeException e) {
            log.error("stream {} failed", request.path(), e);
        } finally {
            gone.streamingEnds();
            reply.body().ended();
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
        if (next == null) {
            Seat.of(context.channel()).idle();
        } else {
            begin(context, next);
        }
        payContinue(context);
        if (waiting.size() < PIPELINED_MAX) {
            context.channel().config().setAutoRead(true);
        }
    }

    /** The last answer of the connection: what follows a request that can't be read can't be. */
    private void refuse(ChannelHandlerContext context, Assembly.Refused refused) {
        deaf = true;
        HttpResponseStatus status = HttpResponseStatus.valueOf(refused.status());
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        status,
                        Unpooled.copiedBuffer(
                                status + ": " + refused.why() + "\n", StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, "close");
        ChannelFuture sent = context.writeAndFlush(response);
        sent.addListener(_ -> Farewell.bid(context));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == HttpPipeline.Closing.NOW) {
            context.executor().execute(() -> close(context));
        } else if (event == Patience.Over.NOW) {
            hearNoMore(context, new Assembly.Refused(408, "the request took too long to come"));
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
        for (Asked asked : waiting) {
            if (asked.step() instanceof Assembly.Whole whole) {
                budget.giveBack(whole.reserved());
            }
        }
        waiting.clear();
        deaf = true;
        assembly.abandon();
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("connection cut: {}", cause.toString());
        var _ = context.close();
    }
}
