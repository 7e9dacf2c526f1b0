package flotilla.platform.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a client may take to send one request. Stands before the decoder, which is silent while
 * a head is not complete; hears from the {@link Connection} when a head or a request is.
 */
final class Patience extends ChannelInboundHandlerAdapter {
    /** From a head's first byte (or the connection's beginning) to its last one. */
    static final Duration HEAD_MAX = Duration.ofSeconds(10);

    /** Between two pieces of a body. */
    static final Duration SILENCE_MAX = Duration.ofSeconds(10);

    /** From a body's first byte to its last one: 4 MiB in it are 0.6 Mbit/s. */
    static final Duration BODY_MAX = Duration.ofSeconds(60);

    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> end;
    private @Nullable Future<?> silence;
    private boolean inBody;

    /** Sent down the pipeline when a client took too long. */
    enum Over {
        NOW
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        end = after(HEAD_MAX);
    }

    @Override
    public void channelRead(ChannelHandlerContext read, Object bytes) {
        if (inBody) {
            cancel(silence);
            silence = after(SILENCE_MAX);
        } else if (end == null) {
            end = after(HEAD_MAX);
        }
        read.fireChannelRead(bytes);
    }

    void headComplete() {
        calm();
        inBody = true;
        end = after(BODY_MAX);
        silence = after(SILENCE_MAX);
    }

    /** Nothing is owed any more; the next request may take its time to begin. */
    void calm() {
        inBody = false;
        cancel(end);
        cancel(silence);
        end = null;
        silence = null;
    }

    private @Nullable Future<?> after(Duration time) {
        ChannelHandlerContext here = context;
        return here == null
                ? null
                : here.executor()
                        .schedule(
                                () -> {
                                    here.fireUserEventTriggered(Over.NOW);
                                },
                                time.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        calm();
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) throws Exception {
        calm();
        super.channelInactive(inactive);
    }
}
