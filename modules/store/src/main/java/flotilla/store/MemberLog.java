package flotilla.store;

import flotilla.platform.disk.HostDirectory;
import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;
import flotilla.platform.tls.ClientTls;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.boot.DataDir;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.corruption.CorruptCheck;
import flotilla.store.corruption.InitialCheck;
import flotilla.store.corruption.Means;
import flotilla.store.disk.CheckpointShelf;
import flotilla.store.log.Membership;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.log.StateMachine;
import flotilla.store.log.driver.MemberParts;
import flotilla.store.log.driver.RaftLog;
import flotilla.store.log.driver.Survivor;
import flotilla.store.log.driver.Ties;
import flotilla.store.log.driver.Workers;
import flotilla.store.log.peer.PeerConfig;
import flotilla.store.log.peer.PeerTls;
import flotilla.store.log.peer.PeerTransport;
import flotilla.store.log.wal.WalOptions;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A member's log, wired to this host: its threads, its files, its way to the other members. */
final class MemberLog implements AutoCloseable {
    /** How long a request waits beyond two elections (etcd's). */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What stands on the log: the state, and who is told that this member leads. */
    record Above(StateMachine machine, ReplicatedLog.LeaderDesk desk) {}

    /**
     * What the program settles, and tests otherwise.
     *
     * @param reads up to which feature level it reads
     * @param segmentBytes how large the log's files are
     * @param stepBytes how much of a file is made ready at a time
     */
    record Program(int reads, long segmentBytes, int stepBytes, int snapshotEntries) {}

    private static final SecureRandom RANDOM = new SecureRandom();

    private final RaftLog log;
    private final LogThreads threads;

    private MemberLog(RaftLog log, LogThreads threads) {
        this.log = log;
        this.threads = threads;
    }

    /**
     * Completes when the core's loop comes round. What may block runs on other threads, which are
     * not asked: a disk that takes long is no reason to begin anew.
     */
    CompletableFuture<Void> pulse() {
        return CompletableFuture.runAsync(() -> {}, threads.core());
    }

    /** This one, with etcd's sizes. */
    static Program program(EtcdConfig config) {
        WalOptions etcd = WalOptions.DEFAULT;
        return new Program(
                FeatureLevel.READABLE,
                etcd.segmentBytes(),
                etcd.stepBytes(),
                config.snapshotCount());
    }

    /**
     * Opens it and begins to take part. Blocks on the disk.
     *
     * @throws IOException if something on the disk is damaged or the address can't be bound
     */
    static MemberLog open(EtcdConfig config, Program program, Membership membership, Above above)
            throws IOException {
        StateMachine machine = above.machine();
        DataDir.Places places = DataDir.places(config.dataDir());
        Files.createDirectories(places.log());
        MemberParts parts =
                new MemberParts(
                        membership,
                        machine,
                        CheckpointShelf.open(places.checkpoints(), machine),
                        HostDirectory.at(places.log()),
                        options(program),
                        new MemberParts.Times(
                                config.heartbeat(),
                                config.election(),
                                PATIENCE.plus(config.election().multipliedBy(2)),
                                program.snapshotEntries()),
                        program.reads(),
                        RANDOM.nextLong());
        if (config.forceNewCluster()) {
            Survivor.alone(parts);
        }
        LogThreads threads = new LogThreads();
        try {
            PeerConfig peers = peers(config, parts, threads);
            RaftLog log =
                    RaftLog.open(
                            parts,
                            threads.workers(),
                            new Ties(
                                    receiver -> PeerTransport.open(peers, receiver),
                                    above.desk(),
                                    admission(config, parts, threads)));
            return new MemberLog(log, threads);
        } catch (IOException | RuntimeException e) {
            threads.close();
            throw e;
        }
    }

    /** One that was here before may be asked to look at what it holds. */
    private static Ties.Admission admission(
            EtcdConfig config, MemberParts parts, LogThreads threads) {
        return config.corruption().initially()
                ? new InitialCheck(parts.membership().self(), parts.machine(), means(threads))
                        ::passed
                : Ties.Admission.AT_ONCE;
    }

    /** With what other members are dialled; null in plain text. */
    static @Nullable ClientTls dialPeers(EtcdConfig config) throws IOException {
        return speaksTls(config) ? config.tls().dialPeers(config) : null;
    }

    private static boolean speaksTls(EtcdConfig config) {
        return "https".equals(config.listenPeerUrls().getFirst().getScheme());
    }

    /** A peer URL with https wants TLS from all members, both ways. */
    private static PeerConfig peers(EtcdConfig config, MemberParts parts, LogThreads threads)
            throws IOException {
        URI listen = config.listenPeerUrls().getFirst();
        PeerConfig plain =
                PeerConfig.of(
                        parts.membership(),
                        parts.reads(),
                        EtcdConfig.address(listen),
                        threads.core());
        return speaksTls(config)
                ? plain.with(
                        new PeerTls(
                                config.tls().servePeers(config), config.tls().dialPeers(config)))
                : plain;
    }

    /** Half of the share is for messages on their way. */
    private static WalOptions options(Program program) {
        long cache = MemoryBudget.ofThisJvm().bytes(Share.LOG_CACHE) / 2;
        return new WalOptions(program.segmentBytes(), program.stepBytes(), Math.toIntExact(cache));
    }

    private static Means means(LogThreads threads) {
        Workers workers = threads.workers();
        return new Means(workers.readers(), workers.core(), new SplittableRandom());
    }

    RaftLog log() {
        return log;
    }

    /** Compares the members' states, once it is begun. */
    CorruptCheck check(EtcdStateMachine machine) {
        return new CorruptCheck(machine, log, log.otherStates(), means(threads));
    }

    @Override
    public void close() {
        log.close();
        threads.close();
    }
}
