package flotilla.store.log.driver;

import flotilla.store.log.OtherStates;
import flotilla.store.log.ReplicatedLog.LeaderDesk;
import flotilla.store.log.Transport;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * What ties a member's log to what is around it.
 *
 * @param desk hears that this member leads
 */
public record Ties(Connector connector, LeaderDesk desk, Admission admission) {
    /** Of one that looks into nothing before it takes part again. */
    public Ties(Connector connector, LeaderDesk desk) {
        this(connector, desk, Admission.AT_ONCE);
    }

    /** Makes the way to the other members. */
    @FunctionalInterface
    public interface Connector {
        /**
         * @throws IOException if the address can't be bound
         */
        Transport open(Transport.Receiver receiver) throws IOException;
    }

    /** What a member that was here before looks into before it takes part again. */
    @FunctionalInterface
    public interface Admission {
        /** Into nothing. */
        Admission AT_ONCE = _ -> CompletableFuture.completedFuture(null);

        /** Must not block; fails with words for a person if it must not take part. */
        CompletableFuture<Void> admitted(OtherStates others);
    }
}
