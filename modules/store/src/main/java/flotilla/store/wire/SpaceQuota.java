package flotilla.store.wire;

import flotilla.protocol.AlarmMember;
import flotilla.protocol.AlarmRequest;
import flotilla.protocol.AlarmType;
import flotilla.store.apply.alarm.SpaceCost;
import flotilla.store.command.Command;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.view.EtcdStateMachine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this member's state may take up of the disk ({@code --quota-backend-bytes}). A write that
 * finds no room raises the alarm NOSPACE through the log, so that every member refuses such writes
 * until an operator has made room and disarmed it. For any thread.
 *
 * <p>Only what comes in here is counted before it is written, as in etcd; what other members let in
 * is seen by {@link #look}.
 */
final class SpaceQuota {
    private static final Logger log = LoggerFactory.getLogger(SpaceQuota.class);

    private final ReplicatedLog replicated;
    private final EtcdStateMachine machine;
    private final long bytesMax;

    /** The size as it was last measured, and what was let in since: to measure takes a while. */
    private final AtomicLong taken = new AtomicLong();

    /**
     * @param bytesMax below 0: without end
     */
    SpaceQuota(ReplicatedLog replicated, EtcdStateMachine machine, long bytesMax) {
        this.replicated = replicated;
        this.machine = machine;
        this.bytesMax = bytesMax;
        taken.set(bytesMax < 0 ? 0 : machine.sizeBytes());
    }

    /** Whether there is room for what a command may write; counts it if there is. */
    boolean admits(Command command) {
        long cost = SpaceCost.of(command);
        if (bytesMax < 0 || cost == 0 || taken.addAndGet(cost) < bytesMax) {
            return true;
        }
        long size = machine.sizeBytes();
        boolean room = size + cost < bytesMax;
        taken.set(room ? size + cost : size);
        return room;
    }

    /** Measures, and raises the alarm if there is no room any more. To be called now and then. */
    void look() {
        if (bytesMax >= 0) {
            long size = machine.sizeBytes();
            taken.set(size);
            if (size >= bytesMax) {
                var _ = raise();
            }
        }
    }

    /** Completes when the alarm is raised, or could not be, which the next one will try again. */
    CompletableFuture<?> raise() {
        AlarmMember alarm =
                AlarmMember.newBuilder()
                        .setMemberID(replicated.status().memberId())
                        .setAlarm(AlarmType.NOSPACE)
                        .build();
        if (machine.alarms().all().contains(alarm)) {
            return CompletableFuture.completedFuture(alarm);
        }
        log.warn(
                "the store takes up its quota of {} bytes: alarm NOSPACE. Compact, defragment, then"
                        + " 'etcdctl alarm disarm'; or give more with --quota-backend-bytes",
                bytesMax);
        AlarmRequest request =
                AlarmRequest.newBuilder()
                        .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                        .setMemberID(alarm.getMemberID())
                        .setAlarm(alarm.getAlarm())
                        .build();
        return replicated
                .propose(Command.newBuilder().setAlarm(request).build())
                .handle((raised, failure) -> {
                    if (failure != null) {
                        log.warn(
                                "alarm NOSPACE could not be raised ({}); it is tried again",
                                failure.getMessage());
                    }
                    return alarm;
                });
    }
}
