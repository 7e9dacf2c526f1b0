package flotilla.store.log.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What comes back on a connection that this member dialled: the other side's first word, or why it
 * wants none; then answers to pings.
 */
final class Dialled extends SimpleChannelInboundHandler<Parcel> {
    private final Link link;
    private final Outside outside;
    private String why = "it closed the connection without a word; does one side want TLS?";
    private boolean greeted;
    private @Nullable Future<?> deadline;
    private @Nullable Future<?> pings;

    Dialled(Link link, Outside outside) {
        this.link = link;
        this.outside = outside;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        deadline =
                outside.ifNotGreeted(
                        context.channel(), () -> end(context, "it took too long to say who it is"));
        write(context, new Parcel.Greeting(outside.hello(link.peer().id())));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Parcel parcel) {
        switch (parcel) {
            case Parcel.Greeting(Hello hello) when !greeted -> greet(context, hello);
            case Parcel.Refusal refusal -> {
                end(context, "it refuses this member: " + refusal.reason());
                link.refused(refusal);
            }
            case Parcel.Pong(long sentNanos) when greeted ->
                    link.traffic().roundTrip(outside.config().clock().nanos() - sentNanos);
            default -> throw new Malformed("a " + parcel.getClass().getSimpleName() + " came back");
        }
    }

    private void greet(ChannelHandlerContext context, Hello hello) {
        Optional<String> refusal =
                hello.refusal(
                                outside.config().membership().clusterId(),
                                outside.self(),
                                outside.level().getAsInt())
                        .or(() -> stranger(hello));
        if (refusal.isPresent()) {
            write(context, new Parcel.Refusal(refusal.get()));
            end(context, "who answers there is refused: " + refusal.get());
            return;
        }
        greeted = true;
        why = "it closed the connection";
        cancel(deadline);
        long pingNanos = outside.config().times().ping().toNanos();
        pings =
                context.executor()
                        .scheduleAtFixedRate(this::ping, 0, pingNanos, TimeUnit.NANOSECONDS);
        link.opened();
    }

    private Optional<String> stranger(Hello hello) {
        return hello.from() == link.peer().id()
                ? Optional.empty()
                : Optional.of(
                        "member %x answers where %x is to be"
                                .formatted(hello.from(), link.peer().id()));
    }

    private void ping() {
        link.send(Parcels.write(new Parcel.Ping(outside.config().clock().nanos())));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
            why = "TLS with it failed: " + handshake.cause().getMessage();
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        link.pump();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(
                context,
                cause instanceof ReadTimeoutException
                        ? "nothing was heard of it for " + outside.config().times().silence()
                        : cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }

    /** The first reason is the one that counts. */
    private void end(ChannelHandlerContext context, String reason) {
        if (context.channel().isOpen()) {
            why = reason;
            var _ = context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancel(deadline);
        cancel(pings);
        link.broken(why);
    }

    private static void cancel(@Nullable Future<?> task) {
        if (task != null) {
            task.cancel(false);
        }
    }

    /** At once, past what waits. */
    static void write(ChannelHandlerContext context, Parcel parcel) {
        Channel channel = context.channel();
        ByteBuf frame = channel.alloc().ioBuffer();
        Parcels.write(parcel).writeFrame(frame);
        channel.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
}
