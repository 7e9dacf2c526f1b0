package flotilla.store.wire;

import com.google.protobuf.Message;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.log.ReplicatedLog;
import java.util.concurrent.CompletableFuture;

/** The way into the log, with the limits on what may enter it. */
record Proposals(ReplicatedLog log, int maxRequestBytes, SpaceQuota quota) {
    <T extends Message> CompletableFuture<T> propose(Command.Builder command, Class<T> response) {
        Command proposal = command.build();
        if (proposal.getSerializedSize() > maxRequestBytes) {
            return CompletableFuture.failedFuture(new EtcdException(EtcdError.REQUEST_TOO_LARGE));
        }
        if (!quota.admits(proposal)) {
            return quota.raise()
                    .thenApply(_ -> {
                        throw new EtcdException(EtcdError.NO_SPACE);
                    });
        }
        return log.propose(proposal).thenApply(Reply.done(response));
    }
}
