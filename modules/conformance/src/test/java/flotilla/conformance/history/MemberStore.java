package flotilla.conformance.history;

import flotilla.conformance.servers.Connection;
import flotilla.protocol.KVGrpc.KVBlockingStub;
import flotilla.protocol.RangeRequest;
import flotilla.sim.model.Answer;
import flotilla.sim.model.Request;
import flotilla.sim.promise.Wording;
import flotilla.store.command.Command;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Set;

/**
 * A member, over gRPC.
 *
 * @param serializable whether reads are, which are then no part of what is promised
 */
record MemberStore(Connection member, boolean serializable) implements Store {
    /** Longer than a member takes to find a leader, shorter than a fault lasts. */
    private static final Duration DEADLINE = Duration.ofMillis(1_500);

    /** etcd's answers that say for certain that nothing was done; of all others nobody knows. */
    private static final Set<String> REFUSALS =
            Set.of("etcdserver: no leader", "etcdserver: too many requests");

    @Override
    public Outcome ask(Request request) {
        try {
            return new Outcome.Told(answer(request));
        } catch (StatusRuntimeException failure) {
            member.channel().resetConnectBackoff();
            String said = String.valueOf(failure.getStatus().getDescription());
            return REFUSALS.contains(said) ? new Outcome.Refused() : new Outcome.Unknown();
        }
    }

    private Answer answer(Request request) {
        KVBlockingStub kv = member.kv(DEADLINE);
        if (request instanceof Request.Get get) {
            RangeRequest range =
                    Wording.range(get).toBuilder().setSerializable(serializable).build();
            return Wording.answer(kv.range(range));
        }
        Command command = Wording.command(request, 0);
        return Wording.answer(
                switch (request) {
                    case Request.Put _ -> kv.put(command.getPut());
                    case Request.Delete _ -> kv.deleteRange(command.getDeleteRange());
                    case Request.Txn _ -> kv.txn(command.getTxn());
                    default -> throw new IllegalArgumentException("nobody asks for " + request);
                });
    }
}
