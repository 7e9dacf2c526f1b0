package flotilla.store.log.peer;

import flotilla.store.log.Membership.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way to one member: the connection that is dialled until it is there, and what waits to be
 * sent on it. On the loop, but for {@link #reachedSince}.
 *
 * <p>What waits when a connection breaks or can't be had is dropped: messages of consensus are
 * repeated by whoever still means them, and a question that never left may be put to somebody else.
 */
final class Link implements Dialler.Caller {
    /**
     * Bytes handed to the connection at a time, and that may wait in it: what an urgent frame waits
     * for, beside what the kernel holds.
     */
    static final int HANDED_BYTES = Frame.BYTES_MAX;

    /** Connections that nobody accepted in a row before it is said: half a second of them. */
    private static final int QUIET_FAILURES = 5;

    /** Since when a member is reached that isn't. */
    private static final long NOT_REACHED = Long.MIN_VALUE;

    private final Peer peer;
    private final Outside outside;
    private final Traffic traffic;
    private final Events events;
    private final Lanes lanes;
    private final BackOff backOff = new BackOff();
    private State state = State.RESTING;
    private int dialled;
    private boolean breakTold;
    private boolean pumping;

    /** Handing over makes the connection call back, perhaps at once. */
    private boolean handing;

    private @Nullable Channel channel;
    private @Nullable Future<?> nextDial;
    private volatile long reachedNanos = NOT_REACHED;

    private enum State {
        /** Until it is dialled again. */
        RESTING,
        /** Until both sides have said who they are, or it failed. */
        DIALLING,
        OPEN,
        CLOSED
    }

    /** Who wants to know what becomes of what is sent. On the loop. */
    interface Events {
        void opened(long member);

        /** What was sent was probably lost: once for each time that it can't be reached. */
        void broken(long member);

        /** The member says that this one was removed. */
        void removedBy(long member);

        /** A question begins to leave. */
        void leaves(long question);

        /** Nothing of it has left, or not all. */
        void dropped(long member, Outgoing parcel, String why);
    }

    Link(Peer peer, Outside outside, Traffic traffic, Events events) {
        this.peer = peer;
        this.outside = outside;
        this.traffic = traffic;
        this.events = events;
        this.lanes = new Lanes(outside.config().limits().queueBytes());
    }

    Peer peer() {
        return peer;
    }

    Traffic traffic() {
        return traffic;
    }

    OptionalLong reachedSince() {
        long since = reachedNanos;
        return since == NOT_REACHED ? OptionalLong.empty() : OptionalLong.of(since);
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    void send(Outgoing parcel) {
        if (state == State.CLOSED) {
            drop(List.of(parcel), "it is no member any more");
            return;
        }
        drop(lanes.add(parcel), "too much waits for it already");
        pumpSoon();
    }

    private void drop(List<Outgoing> parcels, String why) {
        traffic.dropped(parcels.size());
        parcels.forEach(parcel -> events.dropped(peer.id(), parcel, why));
    }

    /** At the end of the loop's turn: what is sent in one turn goes out with one system call. */
    private void pumpSoon() {
        if (!pumping && state == State.OPEN) {
            pumping = true;
            outside.config()
                    .loop()
                    .execute(() -> {
                        pumping = false;
                        pump();
                    });
        }
    }

    /** Hands over what the connection takes without keeping it. */
    void pump() {
        Channel to = channel;
        if (handing || to == null) {
            return;
        }
        handing = true;
        try {
            while (state == State.OPEN && to.isWritable() && !lanes.isEmpty()) {
                ByteBuf frames = to.alloc().ioBuffer(lanes.bytesAhead(HANDED_BYTES));
                lanes.fill(frames, HANDED_BYTES / 2, events::leaves);
                traffic.sent(frames.readableBytes());
                var _ = to.writeAndFlush(frames, to.voidPromise());
            }
        } finally {
            handing = false;
        }
    }

    /** Begins to reach the member; it goes on by itself. */
    void dial() {
        if (state == State.RESTING) {
            state = State.DIALLING;
            if (nextDial != null) {
                nextDial.cancel(false);
            }
            List<String> urls = peer.peerUrls();
            outside.dialler().dial(urls.get(dialled++ % urls.size()), this);
        }
    }

    /** The member has shown that it is there: it is dialled at once if it isn't reached. */
    void nudge() {
        backOff.reset();
        dial();
    }

    @Override
    public void install(ChannelPipeline pipeline) {
        channel = pipeline.channel();
        ParcelReader reader = new ParcelReader(_ -> {});
        pipeline.addLast(outside.silence(), reader, new Dialled(this, outside));
        if (state == State.CLOSED) {
            var _ = pipeline.close();
        }
    }

    /** Both sides have said who they are. */
    void opened() {
        if (state != State.DIALLING) {
            return;
        }
        state = State.OPEN;
        reachedNanos = outside.config().clock().nanos();
        backOff.reset();
        breakTold = false;
        outside.complaints().forget(name());
        events.opened(peer.id());
        pumpSoon();
    }

    /** Nobody answers: not worth a word where members start at once. */
    @Override
    public void failed(String why) {
        if (backOff.failures() >= QUIET_FAILURES) {
            complain(why);
        }
        rest(why);
    }

    /** It answered, but is reached no longer, or not by this member. */
    void broken(String why) {
        complain(why);
        rest(why);
    }

    /** It wants nothing to do with this member, and says why. */
    void refused(Parcel.Refusal refusal) {
        if (refusal.removed() && state != State.CLOSED) {
            events.removedBy(peer.id());
        }
    }

    private void complain(String why) {
        if (state != State.CLOSED) {
            outside.complaints().say(name(), "is not reached: " + why);
        }
    }

    private void rest(String why) {
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.OPEN) {
            traffic.broken();
        }
        state = State.RESTING;
        channel = null;
        reachedNanos = NOT_REACHED;
        nextDial =
                outside.config()
                        .loop()
                        .schedule(this::dial, backOff.nextMillis(), TimeUnit.MILLISECONDS);
        drop(lanes.clear(), why);
        if (!breakTold) {
            breakTold = true;
            events.broken(peer.id());
        }
    }

    private String name() {
        return "member %x (%s, %s)"
                .formatted(peer.id(), peer.name(), String.join(", ", peer.peerUrls()));
    }

    void close() {
        state = State.CLOSED;
        reachedNanos = NOT_REACHED;
        drop(lanes.clear(), "it is no member any more");
        if (nextDial != null) {
            nextDial.cancel(false);
        }
        if (channel != null) {
            var _ = channel.close();
        }
    }
}
