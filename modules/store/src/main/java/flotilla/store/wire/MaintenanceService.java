package flotilla.store.wire;

import flotilla.protocol.AlarmMember;
import flotilla.protocol.AlarmRequest;
import flotilla.protocol.AlarmResponse;
import flotilla.protocol.DefragmentRequest;
import flotilla.protocol.DefragmentResponse;
import flotilla.protocol.HashKVRequest;
import flotilla.protocol.HashKVResponse;
import flotilla.protocol.HashRequest;
import flotilla.protocol.HashResponse;
import flotilla.protocol.MaintenanceGrpc;
import flotilla.protocol.MoveLeaderRequest;
import flotilla.protocol.MoveLeaderResponse;
import flotilla.protocol.SnapshotRequest;
import flotilla.protocol.SnapshotResponse;
import flotilla.protocol.StatusRequest;
import flotilla.protocol.StatusResponse;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.backup.Backup;
import flotilla.store.boot.EtcdVersion;
import flotilla.store.command.Command;
import flotilla.store.log.RaftStatus;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.view.EtcdStateMachine;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Semaphore;

/** How this member is, and the operator's levers. */
final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {
    /** Backups at once; each holds a state of the store for as long as its client takes. */
    private static final int BACKUPS_MAX = 2;

    private final Identity identity;
    private final EtcdStateMachine machine;
    private final ReplicatedLog log;
    private final Reads reads;
    private final Proposals proposals;
    private final Semaphore backups = new Semaphore(BACKUPS_MAX);

    MaintenanceService(Parts parts) {
        this.identity = parts.identity();
        this.machine = parts.machine();
        this.log = parts.identity().log();
        this.reads = parts.reads();
        this.proposals = parts.proposals();
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
        RaftStatus raft = log.status();
        StatusResponse.Builder status =
                StatusResponse.newBuilder()
                        .setHeader(identity.header(machine.revision()))
                        .setVersion(EtcdVersion.SERVER)
                        .setDbSize(machine.sizeBytes())
                        .setDbSizeInUse(machine.sizeInUseBytes())
                        .setLeader(raft.leaderId())
                        .setRaftIndex(raft.committedIndex())
                        .setRaftAppliedIndex(raft.appliedIndex())
                        .setRaftTerm(raft.term())
                        .setIsLearner(raft.learner());
        if (!raft.hasLeader()) {
            status.addErrors(EtcdError.NO_LEADER.text());
        }
        machine.alarms().all().forEach(alarm -> status.addErrors(text(alarm)));
        observer.onNext(status.build());
        observer.onCompleted();
    }

    /** As Go prints the message, which is what etcd answers. */
    private static String text(AlarmMember alarm) {
        String member =
                alarm.getMemberID() == 0
                        ? ""
                        : "memberID:%s ".formatted(Long.toUnsignedString(alarm.getMemberID()));
        return switch (alarm.getAlarm()) {
            case NONE -> member;
            case NOSPACE, CORRUPT -> member + "alarm:%s ".formatted(alarm.getAlarm());
            case UNRECOGNIZED -> member + "alarm:%d ".formatted(alarm.getAlarmValue());
        };
    }

    /** An action that etcd doesn't know ends etcd; here it is refused. Answers have no header. */
    @Override
    public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> observer) {
        switch (request.getAction()) {
            case GET ->
                    Reply.with(
                            observer,
                            reads.linearizable(
                                    Reads.Extent.ONE_KEY,
                                    () ->
                                            AlarmResponse.newBuilder()
                                                    .addAllAlarms(machine.alarms().answer(request))
                                                    .build()));
            case ACTIVATE, DEACTIVATE ->
                    Reply.with(
                            observer,
                            proposals.propose(
                                    Command.newBuilder().setAlarm(request), AlarmResponse.class));
            case UNRECOGNIZED ->
                    observer.onError(
                            Status.INVALID_ARGUMENT
                                    .withDescription(
                                            "etcdserver: alarm action %d is none: 0 gets, 1 activates, 2 deactivates"
                                                    .formatted(request.getActionValue()))
                                    .asRuntimeException());
        }
    }

    /** Gives space back while everything else goes on. */
    @Override
    public void defragment(DefragmentRequest request, StreamObserver<DefragmentResponse> observer) {
        Reply.with(
                observer,
                reads.serializable(
                        Reads.Extent.SCAN,
                        () -> {
                            try {
                                machine.defragment();
                            } catch (IOException e) {
                                throw new UncheckedIOException("give space back to the disk", e);
                            }
                            return DefragmentResponse.getDefaultInstance();
                        }));
    }

    /** A hash of the pairs, not of the file: equal members answer equal hashes. */
    @Override
    public void hash(HashRequest request, StreamObserver<HashResponse> observer) {
        Reply.with(
                observer,
                reads.serializable(
                        Reads.Extent.SCAN,
                        () ->
                                HashResponse.newBuilder()
                                        .setHeader(identity.header(machine.revision()))
                                        .setHash(machine.hashKv(0).getHash())
                                        .build()));
    }

    @Override
    public void hashKV(HashKVRequest request, StreamObserver<HashKVResponse> observer) {
        Reply.with(
                observer,
                reads.serializable(
                        Reads.Extent.SCAN,
                        () -> {
                            HashKVResponse hash = machine.hashKv(request.getRevision());
                            return hash.toBuilder()
                                    .setHeader(identity.header(hash.getHeader()))
                                    .clearHashRevision() // etcd 3.4 has no such field
                                    .build();
                        }));
    }

    /** A database file of etcd's, from which its own tools make a new cluster. */
    @Override
    public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> observer) {
        if (!backups.tryAcquire()) {
            Reply.refuse(observer, EtcdError.TOO_MANY_REQUESTS);
            return;
        }
        BackupCall call = new BackupCall((ServerCallStreamObserver<SnapshotResponse>) observer);
        Thread.ofPlatform()
                .daemon()
                .name("etcd-backup")
                .start(() -> {
                    try {
                        machine.read(view -> {
                            call.send(Backup.of(view));
                            return true;
                        });
                    } catch (RuntimeException e) {
                        call.fail(e);
                    } finally {
                        backups.release();
                    }
                });
    }

    @Override
    public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> observer) {
        if (!log.status().isLeader()) {
            Reply.refuse(observer, EtcdError.NOT_LEADER);
            return;
        }
        Reply.with(
                observer,
                log.transferLeadership(request.getTargetID())
                        .thenApply(done ->
                                MoveLeaderResponse.newBuilder()
                                        .setHeader(identity.header(machine.revision()))
                                        .build()));
    }
}
