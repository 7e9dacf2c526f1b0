package flotilla.store.log.peer;

import flotilla.store.log.Membership;
import flotilla.store.log.Membership.Peer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.LongPredicate;

/**
 * Who is a member, or may have become one without this member knowing yet: a member that lags must
 * listen to a leader that joined behind its back, or it lags for ever (thesis 4.1). So one that
 * nobody here knows is let in as a guest, by its own word where it is reached; but none that is
 * known to have been removed.
 */
final class Roster {
    /** Members that this one has yet to hear of, at most. */
    static final int GUESTS_MAX = 16;

    private final long cluster;
    private final long self;
    private final LongPredicate removed;
    private final IntSupplier level;
    private final Map<Long, Peer> members = new HashMap<>();
    private final Map<Long, Peer> guests = new HashMap<>();

    /**
     * @param level the cluster's feature level, as far as it is known here
     */
    Roster(Membership membership, LongPredicate removed, IntSupplier level) {
        this.level = level;
        this.cluster = membership.clusterId();
        this.self = membership.self();
        this.removed = removed;
        settle(membership.members());
    }

    /** These are the members from now on. */
    void settle(Collection<Peer> now) {
        members.clear();
        guests.clear();
        for (Peer peer : now) {
            if (peer.id() != self) {
                members.put(peer.id(), peer);
            }
        }
    }

    /** All that there are connections with. */
    Collection<Peer> others() {
        Map<Long, Peer> all = new HashMap<>(guests);
        all.putAll(members);
        return all.values();
    }

    /** Why it is not let in; if it is, it is one of {@link #others} from then on. */
    Optional<Parcel.Refusal> refusal(Hello hello) {
        Optional<Parcel.Refusal> refusal =
                hello.refusal(cluster, self, level.getAsInt()).map(Parcel.Refusal::new);
        if (refusal.isPresent() || members.containsKey(hello.from())) {
            return refusal;
        }
        if (removed.test(hello.from())) {
            return Optional.of(
                    new Parcel.Refusal(
                            "member %x has been removed from the cluster: only a new member, with an id and a data directory of its own, can take its place"
                                    .formatted(hello.from()),
                            true));
        }
        if (hello.urls().isEmpty() || guests.size() >= GUESTS_MAX) {
            return Optional.of(
                    new Parcel.Refusal("member %x is unknown here".formatted(hello.from())));
        }
        guests.put(hello.from(), new Peer(hello.from(), "not known yet", hello.urls()));
        return Optional.empty();
    }
}
