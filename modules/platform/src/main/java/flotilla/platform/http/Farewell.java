package flotilla.platform.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection whose client was refused and may still be sending: what comes is dropped
 * until the client hangs up. Cut at once, it might never read why (RFC 9112, 9.6).
 */
final class Farewell extends ChannelInboundHandlerAdapter {
    /** A client that sends nothing for so long, and does not hang up, is cut. */
    static final Duration SILENCE_MAX = Duration.ofSeconds(2);

    /** Who still sends after so long is cut too. */
    static final Duration ALL_MAX = Duration.ofSeconds(30);

    private boolean heard;

    /** Nothing more is written; takes the connection's pipeline over. */
    static void bid(ChannelHandlerContext context) {
        if (!context.channel().isActive()) {
            return;
        }
        context.pipeline().addFirst(new Farewell());
        context.channel().config().setAutoRead(true);
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls == null) {
            shutOutput(context);
        } else {
            // Without TLS's own goodbye the answer might have been cut short, for all a client
            // knows.
            tls.closeOutbound().addListener(_ -> shutOutput(context));
        }
    }

    private static void shutOutput(ChannelHandlerContext context) {
        if (context.channel() instanceof DuplexChannel duplex) {
            var _ = duplex.shutdownOutput();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        var end = after(context, ALL_MAX, () -> close(context));
        var silence = every(context, SILENCE_MAX, () -> lookWhetherHeard(context));
        context.channel()
                .closeFuture()
                .addListener(_ -> {
                    end.cancel(false);
                    silence.cancel(false);
                });
    }

    private void lookWhetherHeard(ChannelHandlerContext context) {
        if (!heard) {
            close(context);
        }
        heard = false;
    }

    private static Future<?> after(ChannelHandlerContext context, Duration time, Runnable what) {
        return context.executor().schedule(what, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Future<?> every(ChannelHandlerContext context, Duration time, Runnable what) {
        return context.executor()
                .scheduleAtFixedRate(what, time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void close(ChannelHandlerContext context) {
        var _ = context.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        heard = true;
        ReferenceCountUtil.release(bytes);
    }
}
