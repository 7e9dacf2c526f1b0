package flotilla.platform.door;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client leaves what it is sent unread: something waits for it, and for
 * so long the system has not taken a byte. One that reads slowly is left alone. Stands nearest to
 * the socket, so it sees whatever is spoken above it.
 */
final class Unread extends ChannelOutboundHandlerAdapter {
    private final Duration patience;
    private final Runnable told;
    private @Nullable Future<?> watch;

    /** Which of the waiting pieces was next; it is not held on to. */
    private int piece;

    private long taken;

    /**
     * @param told that a connection is closed
     */
    Unread(Duration patience, Runnable told) {
        this.patience = patience;
        this.told = told;
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        if (watch == null && waits(context.channel())) {
            watch(context);
        }
    }

    private static boolean waits(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer != null && buffer.totalPendingWriteBytes() > 0;
    }

    private void watch(ChannelHandlerContext context) {
        note(context.channel());
        watch =
                context.executor()
                        .schedule(() -> look(context), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(ChannelHandlerContext context) {
        watch = null;
        if (!waits(context.channel())) {
            return;
        }
        if (note(context.channel())) {
            watch(context);
            return;
        }
        told.run();
        // Past whoever would first say goodbye to one who doesn't listen.
        var _ = context.close();
    }

    /**
     * What of the waiting pieces is next, and how much of it is taken; whether that has changed.
     */
    private boolean note(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        int pieceBefore = piece;
        long takenBefore = taken;
        piece = buffer == null ? 0 : System.identityHashCode(buffer.current());
        taken = buffer == null ? 0 : buffer.currentProgress();
        return pieceBefore != piece || takenBefore != taken;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (watch != null) {
            watch.cancel(false);
            watch = null;
        }
    }
}
