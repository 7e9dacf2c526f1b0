package flotilla.store.log.peer;

import flotilla.platform.door.Seat;
import flotilla.store.log.Introduction;
import flotilla.store.log.Membership;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.concurrent.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection that somebody else opened: who it is, then what it says. Only pings are answered
 * here; all else goes back on the connection that this member dialled.
 */
final class Incoming extends SimpleChannelInboundHandler<Parcel> {
    private final Outside outside;
    private final Host host;
    private final ParcelReader reader;
    private @Nullable Hello guest;
    private @Nullable Future<?> deadline;
    private @Nullable Channel channel;
    private long bytes;

    /** Whom members come to. On the loop. */
    interface Host {
        /** Why it is not let in. */
        Optional<Parcel.Refusal> refusal(Hello hello);

        /** Whom to tell one that is to join of; none where this member has yet to learn of them. */
        Collection<Membership.Peer> members();

        void entered(Hello hello, Incoming connection);

        void received(long member, Parcel parcel);

        void bytesIn(long member, long bytes);

        /** It said what can't be read. */
        void unreadable(long member);

        /** Once, if it had entered. */
        void left(long member, Incoming connection);
    }

    Incoming(Outside outside, Host host) {
        this.outside = outside;
        this.host = host;
        this.reader = new ParcelReader(this::count);
    }

    ParcelReader reader() {
        return reader;
    }

    private void count(long some) {
        bytes += some;
        if (guest != null) {
            host.bytesIn(guest.from(), bytes);
            bytes = 0;
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        deadline =
                outside.ifNotGreeted(
                        context.channel(), () -> end(context, "it took too long to say who it is"));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Parcel parcel) {
        if (guest == null) {
            if (parcel instanceof Parcel.Introduce) {
                introduce(context);
                return;
            }
            if (!(parcel instanceof Parcel.Greeting(Hello hello))) {
                throw new Malformed("it did not say who it is first");
            }
            greet(context, hello);
            return;
        }
        switch (parcel) {
            case Parcel.Ping(long number) -> answer(context, number);
            case Parcel.Refusal refusal ->
                    end(context, "it refuses this member: " + refusal.reason());
            case Parcel.Greeting _, Parcel.Introduce _, Parcel.Introduced _, Parcel.Pong _ ->
                    throw new Malformed("a second " + parcel.getClass().getSimpleName());
            default -> host.received(guest.from(), parcel);
        }
    }

    private void introduce(ChannelHandlerContext context) {
        ByteBuf frame = context.alloc().ioBuffer();
        Parcels.write(introduction()).writeFrame(frame);
        context.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE);
    }

    private Parcel introduction() {
        Collection<Membership.Peer> members = host.members();
        return members.isEmpty()
                ? new Parcel.Refusal("it has yet to join the cluster itself: ask another member")
                : new Parcel.Introduced(
                        new Introduction(
                                outside.config().membership().clusterId(),
                                List.copyOf(members),
                                outside.level().getAsInt()));
    }

    /** Nothing else is sent here, so what waits can only be answers that nobody takes. */
    private static void answer(ChannelHandlerContext context, long ping) {
        if (!context.channel().isWritable()) {
            throw new Malformed("it pings again and again, and takes no answer");
        }
        Dialled.write(context, new Parcel.Pong(ping));
    }

    private void greet(ChannelHandlerContext context, Hello hello) {
        Optional<Parcel.Refusal> refusal = host.refusal(hello);
        if (refusal.isPresent()) {
            outside.complaints()
                    .say(
                            "member %x of cluster %x".formatted(hello.from(), hello.cluster()),
                            "is refused at %s: %s"
                                    .formatted(
                                            context.channel().remoteAddress(),
                                            refusal.get().reason()));
            Dialled.write(context, refusal.get());
            var _ = context.close();
            return;
        }
        guest = hello;
        if (deadline != null) {
            deadline.cancel(false);
        }
        Seat.of(context.channel()).busy();
        reader.between(new Messages.Ends(hello.from(), outside.self()));
        Dialled.write(context, new Parcel.Greeting(outside.hello(hello.from())));
        host.entered(hello, this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof ReadTimeoutException) {
            end(context, "nothing was heard of it for " + outside.config().times().silence());
            return;
        }
        String why = String.valueOf(cause.getMessage());
        if (guest != null && cause instanceof Malformed) {
            host.unreadable(guest.from());
        }
        if (guest != null && context.channel().isActive()) {
            Dialled.write(context, new Parcel.Refusal(why));
        }
        end(context, why);
    }

    private void end(ChannelHandlerContext context, String why) {
        if (context.channel().isOpen()) {
            String about =
                    guest == null
                            ? "a stranger at the members' port"
                            : "member %x".formatted(guest.from());
            outside.complaints()
                    .say(
                            about,
                            "the connection from %s is closed: %s"
                                    .formatted(context.channel().remoteAddress(), why));
            var _ = context.close();
        }
    }

    /** Without a word: it has been replaced, or its member is none any more. */
    void close() {
        if (channel != null) {
            var _ = channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (guest != null) {
            host.left(guest.from(), this);
        }
    }
}
