package flotilla.store.log.peer;

import flotilla.raft.message.Message;
import flotilla.store.log.Membership.Peer;
import flotilla.store.log.PeerTraffic;
import flotilla.store.log.SnapshotShelf.Stored;
import flotilla.store.log.Transport.Receiver;
import flotilla.store.log.Transport.Unsent;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where everything between this member and the others meets. On the loop, if not said otherwise.
 */
final class Desk implements Link.Events, Incoming.Host, Snapshots.Roads {
    private static final Logger log = LoggerFactory.getLogger(Desk.class);

    private final Outside outside;
    private final Receiver receiver;
    private final Roster roster;
    private final Asks asks;
    private final Snapshots snapshots;
    private final Map<Long, Link> links = new ConcurrentHashMap<>();
    private final Map<Long, Traffic> traffic = new ConcurrentHashMap<>();
    private final Map<Long, Incoming> incoming = new HashMap<>();

    /** Questions of others that are being answered. */
    private int answering;

    private boolean closed;

    Desk(Outside outside, Receiver receiver, Executor disk) {
        PeerConfig config = outside.config();
        ThreadLocalRandom chance = ThreadLocalRandom.current();
        this.outside = outside;
        this.receiver = receiver;
        this.roster = new Roster(config.membership(), receiver::removed, receiver::level);
        this.asks =
                new Asks(config.limits().questions(), config.times().answer(), chance.nextLong());
        this.snapshots = new Snapshots(outside, receiver, this, disk);
    }

    /** These are the members from now on: others are left alone, new ones are dialled. */
    void settle(Collection<Peer> members) {
        roster.settle(members);
        Map<Long, Peer> now = new HashMap<>();
        roster.others().forEach(peer -> now.put(peer.id(), peer));
        Set<Long> gone = new HashSet<>(links.keySet());
        gone.removeAll(now.keySet());
        gone.forEach(this::leave);
        now.values().forEach(this::reach);
    }

    private void leave(long member) {
        Link link = links.remove(member);
        if (link != null) {
            link.close();
        }
        Incoming connection = incoming.remove(member);
        if (connection != null) {
            connection.close();
        }
        traffic.remove(member);
        asks.broken(member);
        snapshots.gone(member);
    }

    private void reach(Peer peer) {
        Link before = links.get(peer.id());
        if (before != null && before.peer().peerUrls().equals(peer.peerUrls())) {
            return;
        }
        Link link = new Link(peer, outside, trafficOf(peer.id()), this);
        links.put(peer.id(), link);
        if (before != null) {
            before.close();
            broken(peer.id());
        }
        link.dial();
    }

    private Traffic trafficOf(long member) {
        return traffic.computeIfAbsent(member, Traffic::new);
    }

    /** On any thread. */
    OptionalLong reachedSince(long member) {
        Link link = links.get(member);
        return link == null ? OptionalLong.empty() : link.reachedSince();
    }

    /** On any thread. */
    List<PeerTraffic> traffic() {
        return traffic.values().stream()
                .map(each -> each.now(reachedSince(each.member()).isPresent()))
                .toList();
    }

    /** Of one that is no member any more nobody keeps count. */
    @Override
    public Traffic traffic(long member) {
        Traffic counted = traffic.get(member);
        return counted == null ? new Traffic(member) : counted;
    }

    void send(long member, Outgoing parcel) {
        Link link = links.get(member);
        if (link != null) {
            link.send(parcel);
        }
    }

    @Override
    public void send(long member, Parcel parcel) {
        send(member, Parcels.write(parcel));
    }

    @Override
    public boolean isOpen(long member) {
        Link link = links.get(member);
        return link != null && link.isOpen();
    }

    void ask(long member, PeerRequest request, CompletableFuture<PeerReply> answer) {
        Link link = links.get(member);
        if (closed || link == null) {
            answer.completeExceptionally(
                    new Unsent(
                            "member %x can't be asked: %s"
                                    .formatted(
                                            member, closed ? "this one closes" : "it is unknown")));
            return;
        }
        asks.put(member, outside.config().clock().nanos(), answer)
                .ifPresent(question -> putQuestion(link, question, request));
    }

    private void putQuestion(Link link, long question, PeerRequest request) {
        try {
            link.send(Parcels.write(new Parcel.Question(question, request)));
        } catch (IllegalArgumentException tooLarge) {
            asks.failed(link.peer().id(), question, String.valueOf(tooLarge.getMessage()));
        }
    }

    void sendSnapshot(long member, long term, Stored snapshot, CompletableFuture<Void> result) {
        var _ =
                snapshots
                        .send(member, term, snapshot)
                        .whenComplete((_, failure) -> {
                            if (failure == null) {
                                result.complete(null);
                            } else {
                                result.completeExceptionally(failure);
                            }
                        });
        if (closed || !links.containsKey(member)) {
            snapshots.gone(member);
        }
    }

    @Override
    public void opened(long member) {
        snapshots.connected(member);
    }

    @Override
    public void broken(long member) {
        asks.broken(member);
        if (!closed) {
            receiver.unreachable(member);
        }
    }

    @Override
    public void removedBy(long member) {
        if (!closed) {
            receiver.removedBy(member);
        }
    }

    @Override
    public void leaves(long question) {
        asks.leaves(question);
    }

    @Override
    public void dropped(long member, Outgoing parcel, String why) {
        if (parcel.kind() == Kind.QUESTION) {
            asks.failed(member, parcel.question(), why);
        }
    }

    @Override
    public Optional<Parcel.Refusal> refusal(Hello hello) {
        return roster.refusal(hello);
    }

    @Override
    public Collection<Peer> members() {
        return receiver.members();
    }

    @Override
    public void entered(Hello hello, Incoming connection) {
        long member = hello.from();
        Incoming before = incoming.put(member, connection);
        if (before != null) {
            before.close();
            asks.broken(member);
        }
        roster.others().stream().filter(peer -> peer.id() == member).forEach(this::reach);
        Link link = links.get(member);
        if (link != null) {
            link.nudge();
        }
        snapshots.connected(member);
    }

    @Override
    public void left(long member, Incoming connection) {
        if (incoming.remove(member, connection)) {
            asks.broken(member);
        }
    }

    @Override
    public void bytesIn(long member, long bytes) {
        traffic(member).received(bytes);
    }

    @Override
    public void unreadable(long member) {
        traffic(member).unread();
    }

    @Override
    public void received(long member, Parcel parcel) {
        if (closed) {
            return;
        }
        switch (parcel) {
            case Parcel.Raft(Message message) -> hand(message);
            case Parcel.Question question -> answer(member, question);
            case Parcel.Answer(long id, PeerReply reply) -> asks.answered(member, id, reply);
            case Parcel.NoAnswer(long id, String reason) -> asks.failed(member, id, reason);
            default -> snapshots.received(member, parcel);
        }
    }

    /** What goes wrong with a message is not the connection's fault. */
    private void hand(Message message) {
        try {
            receiver.received(message);
        } catch (RuntimeException e) {
            traffic(message.from()).unread();
            log.error("take a {} of member {}", message.getClass(), message.from(), e);
        }
    }

    private CompletableFuture<PeerReply> answerOf(long member, PeerRequest request) {
        try {
            return receiver.asked(member, request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void answer(long member, Parcel.Question question) {
        long id = question.id();
        if (answering >= outside.config().limits().questions()) {
            send(member, new Parcel.NoAnswer(id, "it answers too many questions already"));
            return;
        }
        answering++;
        var _ =
                answerOf(member, question.request())
                        .whenComplete((reply, failure) -> {
                            Parcel answer =
                                    failure == null
                                            ? new Parcel.Answer(id, reply)
                                            : new Parcel.NoAnswer(
                                                    id, String.valueOf(failure.getMessage()));
                            outside.onLoop(() -> {
                                answering--;
                                send(member, answer);
                            });
                        });
    }

    /** Now and then: whether something waits for too long. */
    void look() {
        asks.expire(outside.config().clock().nanos());
        snapshots.look();
    }

    /** Nothing is handed to the receiver from now on, but what {@code disk} still runs. */
    void close() {
        closed = true;
        asks.close();
        snapshots.close();
        links.values().forEach(Link::close);
        links.clear();
        List.copyOf(incoming.values()).forEach(Incoming::close);
    }
}
