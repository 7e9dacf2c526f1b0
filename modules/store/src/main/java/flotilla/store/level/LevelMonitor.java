package flotilla.store.level;

import flotilla.store.apply.Applied;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.command.Command;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.log.StateMachine;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the log raise the cluster's feature level while this member leads (etcd's monitorVersions).
 */
public final class LevelMonitor {
    private static final Logger log = LoggerFactory.getLogger(LevelMonitor.class);

    private final StateMachine machine;
    private final ReplicatedLog replicated;
    private final int reads;
    private final AtomicBoolean underWay = new AtomicBoolean();

    /**
     * @param reads up to which level this member's program reads
     */
    public LevelMonitor(StateMachine machine, ReplicatedLog replicated, int reads) {
        this.machine = machine;
        this.replicated = replicated;
        this.reads = reads;
    }

    /**
     * To be called now and then. Doesn't wait for the log; what comes to nothing is tried again.
     */
    public void look() {
        int decided = machine.level();
        if (decided >= reads || !replicated.status().isLeader() || underWay.get()) {
            return;
        }
        OptionalInt level = FeatureLevel.raised(decided, machine.memberBook());
        if (level.isPresent()) {
            raise(decided, level.getAsInt());
        }
    }

    private void raise(int decided, int level) {
        underWay.set(true);
        CompletableFuture<Applied> _ =
                replicated
                        .propose(Command.newBuilder().setFeatureLevel(level).build())
                        .whenComplete((applied, failure) -> {
                            underWay.set(false);
                            if (applied instanceof Applied.Done) {
                                log.info("feature level {}, from {}", level, decided);
                            } else {
                                log.debug("feature level {}: {}", level, applied, failure);
                            }
                        });
    }
}
