package flotilla.store.wire;

import com.google.protobuf.ByteString;
import flotilla.protocol.Event;
import flotilla.protocol.KeyValue;
import flotilla.protocol.LeaderResponse;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchResponse;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** One client's view of an election: each leader, and what it proclaims, from now on. */
final class Observation {
    private final Identity identity;
    private final Claims claims;
    private final ByteString name;
    private final Client client;

    /** Whom to tell; it waits while the client has no room for another answer. */
    interface Client {
        void tell(LeaderResponse leader) throws InterruptedException;
    }

    Observation(Identity identity, Claims claims, ByteString name, Client client) {
        this.identity = identity;
        this.claims = claims;
        this.name = name;
        this.client = client;
    }

    /** Goes on until it is interrupted. */
    void run() throws InterruptedException, ExecutionException {
        while (true) {
            RangeResponse holder = claims.holder(name).get();
            long revision = holder.getHeader().getRevision();
            if (holder.getKvsCount() > 0) {
                follow(holder.getKvs(0), revision);
            } else {
                Optional<KeyValue> candidate = awaitCandidate(revision);
                if (candidate.isPresent()) {
                    follow(candidate.get(), candidate.get().getModRevision());
                }
            }
        }
    }

    /** Until the leader's key is gone, or its history is: then one has to look again. */
    private void follow(KeyValue leader, long revision) throws InterruptedException {
        tell(leader, revision);
        WatchCreateRequest changes =
                WatchCreateRequest.newBuilder()
                        .setKey(leader.getKey())
                        .setStartRevision(revision + 1)
                        .build();
        try (WaitingWatch watch = claims.watch(changes)) {
            while (true) {
                WatchResponse response = watch.next();
                if (response.getCanceled()) {
                    return;
                }
                for (Event event : response.getEventsList()) {
                    if (event.getType() == Event.EventType.DELETE) {
                        return;
                    }
                    tell(event.getKv(), event.getKv().getModRevision());
                }
            }
        }
    }

    /** The first that stands; empty when the history is gone and one has to look again. */
    private Optional<KeyValue> awaitCandidate(long afterRevision) throws InterruptedException {
        WatchCreateRequest puts =
                WatchCreateRequest.newBuilder()
                        .setKey(Claims.prefix(name))
                        .setRangeEnd(Claims.prefixEnd(name))
                        .setStartRevision(afterRevision + 1)
                        .addFilters(WatchCreateRequest.FilterType.NODELETE)
                        .build();
        try (WaitingWatch watch = claims.watch(puts)) {
            while (true) {
                WatchResponse response = watch.next();
                if (response.getCanceled()) {
                    return Optional.empty();
                }
                if (response.getEventsCount() > 0) {
                    return Optional.of(response.getEvents(0).getKv());
                }
            }
        }
    }

    private void tell(KeyValue leader, long revision) throws InterruptedException {
        client.tell(
                LeaderResponse.newBuilder()
                        .setHeader(identity.header(revision))
                        .setKv(leader)
                        .build());
    }
}
