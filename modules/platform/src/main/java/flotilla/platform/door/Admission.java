package flotilla.platform.door;

import flotilla.platform.door.Guests.Answer;
import flotilla.platform.metrics.Metrics;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections in at one door, never more than it has room for: {@link Guests} says who goes
 * when one more comes. Stands in front of the acceptor of a listening channel, so whatever is
 * served behind the door, gRPC too, is kept within the same limit.
 */
public final class Admission {
    /**
     * How long what a client is sent may wait without a byte of it being taken: as long as it may
     * take to send a request.
     */
    public static final Duration UNREAD_MAX = Duration.ofSeconds(60);

    /** What it has to say is logged so often at most. */
    private static final Duration LOG_PAUSE = Duration.ofMinutes(1);

    /** How long a door that can't accept waits before it tries again. */
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

    /** So many idle connections go where files have run out, and so many can come then. */
    private static final int MADE_ROOM = 32;

    private static final Logger log = LoggerFactory.getLogger(Admission.class);

    private final String door;
    private final int most;
    private final Duration unreadMax;
    private final Guests<Channel> guests;

    /** Listening channels that accept nobody until some of those who go are gone. */
    private final Set<Channel> held = ConcurrentHashMap.newKeySet();

    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong sentAway = new AtomicLong();
    private final AtomicLong unread = new AtomicLong();
    private final AtomicLong failedAccepts = new AtomicLong();
    private final AtomicLong nextLogNanos = new AtomicLong(System.nanoTime());

    /**
     * @param door as the log calls it: an address or a path
     * @param most connections at once
     */
    public Admission(String door, int most) {
        this(door, most, UNREAD_MAX);
    }

    /**
     * @param unreadMax after so long a client is cut that doesn't read what it is sent
     */
    public Admission(String door, int most, Duration unreadMax) {
        this.door = door;
        this.most = most;
        this.unreadMax = unreadMax;
        this.guests = new Guests<>(most);
    }

    /** As many connections as the heap and the open files of this process have room for. */
    public static int roomOfThisJvm() {
        return Room.ofThisJvm();
    }

    /** Listening channels whose connections come through this door; several share its limit. */
    public <C extends ServerChannel> ChannelFactory<C> guarding(ChannelFactory<C> listening) {
        return () -> {
            C channel = listening.newChannel();
            channel.pipeline().addLast(new AtTheDoor());
            return channel;
        };
    }

    /** Shows how full the door is and what that led to. */
    public void show(Metrics metrics) {
        metrics.gauge("flotilla_connections", "Connections that are open.", guests::here);
        metrics.gauge(
                "flotilla_connections_max", "Connections that there is room for.", () -> most);
        metrics.counter(
                "flotilla_connections_refused_total",
                "Connections closed at once, for all others were busy.",
                refused::get);
        metrics.counter(
                "flotilla_connections_sent_away_total",
                "Idle connections closed to make room for others.",
                sentAway::get);
        metrics.counter(
                "flotilla_connections_unread_total",
                "Connections closed whose client did not read what it was sent.",
                unread::get);
        metrics.counter(
                "flotilla_accepts_failed_total",
                "Connections that the system could not open, for want of files say.",
                failedAccepts::get);
    }

    private void release() {
        if (held.isEmpty() || guests.crowded()) {
            return;
        }
        for (Channel listening : List.copyOf(held)) {
            if (held.remove(listening)) {
                listening.config().setAutoRead(true);
            }
        }
    }

    private void tell(String what) {
        long due = nextLogNanos.get();
        long now = System.nanoTime();
        if (now - due >= 0 && nextLogNanos.compareAndSet(due, now + LOG_PAUSE.toNanos())) {
            log.warn(
                    "{}: {} (room for {} connections; since the start {} refused, {} idle ones"
                            + " closed, {} that did not read, {} not accepted; at most one such"
                            + " line a minute)",
                    door,
                    what,
                    most,
                    refused,
                    sentAway,
                    unread,
                    failedAccepts);
        }
    }

    /** Hears of each connection before the acceptor registers it, and of those that failed. */
    @Sharable
    private final class AtTheDoor extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Channel guest = (Channel) message;
            switch (guests.arrive(guest)) {
                case Answer.Full<Channel> _ -> {
                    refused.incrementAndGet();
                    tell("connections are refused: all others are busy");
                    guest.unsafe().closeForcibly();
                    return;
                }
                case Answer.InPlaceOf<Channel>(Channel leaves) -> {
                    sendAway(leaves);
                    hold(context.channel());
                }
                case Answer.Welcome<Channel> _ -> {}
            }
            guest.attr(Seat.Attribute.SEAT).set(new Taken(guest));
            guest.pipeline().addFirst(new Unread(unreadMax, this::unread));
            guest.closeFuture()
                    .addListener(_ -> {
                        guests.gone(guest);
                        release();
                    });
            context.fireChannelRead(guest);
        }

        private void unread() {
            unread.incrementAndGet();
            tell("connections are closed whose clients don't read");
        }

        /**
         * Who comes faster than others go waits in the system's queue, instead of being refused.
         */
        private void hold(Channel listening) {
            if (guests.crowded()) {
                listening.config().setAutoRead(false);
                held.add(listening);
                release();
            }
        }

        /** At once: HTTP/2 would say goodbye first, and wait for who never answers. */
        private void sendAway(Channel leaves) {
            sentAway.incrementAndGet();
            tell("idle connections are closed to let others in");
            ChannelHandlerContext nearest = leaves.pipeline().firstContext();
            var _ = nearest == null ? leaves.close() : nearest.close();
        }

        /**
         * Out of files, most likely: idle connections give theirs. The selector would spin if
         * nobody made it wait; the acceptor would wait for a second, and for one connection.
         */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause)
                throws Exception {
            if (!(cause instanceof IOException)) {
                super.exceptionCaught(context, cause);
                return;
            }
            failedAccepts.incrementAndGet();
            tell("can't accept connections: " + cause.getMessage());
            for (int i = 0; i < MADE_ROOM; i++) {
                guests.sendAway().ifPresent(this::sendAway);
            }
            pause(context.channel());
        }

        private void pause(Channel listening) {
            listening.config().setAutoRead(false);
            var _ =
                    listening
                            .eventLoop()
                            .schedule(
                                    () -> {
                                        listening.config().setAutoRead(true);
                                    },
                                    ACCEPT_PAUSE.toMillis(),
                                    TimeUnit.MILLISECONDS);
        }
    }

    private final class Taken implements Seat {
        private final Channel guest;

        Taken(Channel guest) {
            this.guest = guest;
        }

        @Override
        public void busy() {
            guests.busy(guest);
        }

        @Override
        public void idle() {
            guests.idle(guest);
        }
    }
}
