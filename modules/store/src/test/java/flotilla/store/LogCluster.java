package flotilla.store;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import flotilla.protocol.KeyValue;
import flotilla.store.apply.Applied;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.log.Membership;
import flotilla.store.log.RaftStatus;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.log.driver.RaftLog;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Members of one cluster in this JVM, with a cable for each direction between any two. */
final class LogCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Duration ELECTION = Duration.ofMillis(400);

    private final Path root;
    private final int size;
    private final int snapshotEntries;
    private final List<Integer> ports = new ArrayList<>();
    private final Map<Way, PeerWire> wires = new HashMap<>();

    private record Way(long from, long to) {}

    private final Map<Long, Member> members = new HashMap<>();

    /** A running member. */
    record Member(MemberLog open, EtcdStateMachine machine, List<String> leaderships) {
        RaftLog log() {
            return open.log();
        }

        /** What the state holds here; empty for nothing. */
        String value(String key) {
            return all(key, "").findFirst().map(pair -> pair.getValue().toStringUtf8()).orElse("");
        }

        /** Every key, with what is known of it. */
        List<KeyValue> all() {
            return all("\0", "\0").toList();
        }

        private Stream<KeyValue> all(String key, String end) {
            return Commands.read(machine, Commands.range(key, end, 0)).getKvsList().stream();
        }
    }

    /** Answers with the question and the member's id; notes when leadership comes and goes. */
    private record TestDesk(long id, List<String> leaderships) implements ReplicatedLog.LeaderDesk {
        @Override
        public CompletableFuture<ByteString> answer(ByteString question) {
            return CompletableFuture.completedFuture(
                    question.concat(ByteString.copyFromUtf8("@" + id)));
        }

        @Override
        public void onLeadership(boolean leading, long term) {
            synchronized (leaderships) {
                leaderships.add((leading ? "leads " : "led ") + term);
            }
        }
    }

    LogCluster(Path root, int size, int snapshotEntries) throws IOException {
        this.root = root;
        this.size = size;
        this.snapshotEntries = snapshotEntries;
        for (int i = 0; i < size; i++) {
            ports.add(FreePort.take());
        }
        for (long from = 1; from <= size; from++) {
            for (long to = 1; to <= size; to++) {
                if (from != to) {
                    wires.put(new Way(from, to), new PeerWire(address(to)));
                }
            }
        }
    }

    static LogCluster started(Path root, int size) throws IOException {
        LogCluster cluster = new LogCluster(root, size, 10_000);
        for (long id = 1; id <= size; id++) {
            cluster.start(id);
        }
        return cluster;
    }

    private InetSocketAddress address(long id) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get((int) id - 1));
    }

    Member start(long id) throws IOException {
        return start(id, directory(id));
    }

    Member start(long id, Path directory) throws IOException {
        return start(id, directory, ELECTION);
    }

    /**
     * @param election longer than the others': the member is slow to see that it lost office
     */
    Member start(long id, Path directory, Duration election) throws IOException {
        List<Membership.Peer> peers = new ArrayList<>();
        for (long to = 1; to <= size; to++) {
            int port = to == id ? ports.get((int) id - 1) : reach(id, to);
            peers.add(new Membership.Peer(to, "m" + to, List.of("http://127.0.0.1:" + port)));
        }
        EtcdConfig config =
                EtcdConfig.parse(
                        List.of(
                                "--name=m" + id,
                                "--data-dir=" + directory,
                                "--heartbeat-interval=50",
                                "--election-timeout=" + election.toMillis(),
                                "--listen-peer-urls=http://127.0.0.1:" + ports.get((int) id - 1),
                                "--initial-advertise-peer-urls=http://127.0.0.1:"
                                        + ports.get((int) id - 1),
                                "--initial-cluster=m"
                                        + id
                                        + "=http://127.0.0.1:"
                                        + ports.get((int) id - 1)),
                        Map.of());
        Member member = open(config, new Membership(7, id, peers));
        members.put(id, member);
        return member;
    }

    private Member open(EtcdConfig config, Membership membership) throws IOException {
        EtcdStateMachine machine = EtcdStateMachine.open(config.dataDir().resolve("state"));
        TestDesk desk = new TestDesk(membership.self(), new ArrayList<>());
        try {
            MemberLog log =
                    MemberLog.open(
                            config, program(), membership, new MemberLog.Above(machine, desk));
            return new Member(log, machine, desk.leaderships());
        } catch (IOException | RuntimeException e) {
            machine.close();
            throw e;
        }
    }

    /** Somebody else listens where that member should. */
    ServerSocket takePortOf(long id) throws IOException {
        return new ServerSocket(ports.get((int) id - 1), 1, InetAddress.getLoopbackAddress());
    }

    private MemberLog.Program program() {
        int segment = snapshotEntries < 10_000 ? 4096 : 1 << 20;
        return new MemberLog.Program(FeatureLevel.READABLE, segment, segment, snapshotEntries);
    }

    Path directory(long id) {
        return root.resolve("m" + id);
    }

    Member member(long id) {
        return Objects.requireNonNull(members.get(id), "the member does not run");
    }

    /** Without cables, members reach each other directly. */
    LogCluster uncabled() throws IOException {
        for (PeerWire wire : wires.values()) {
            wire.close();
        }
        wires.clear();
        return this;
    }

    private int reach(long from, long to) {
        PeerWire wire = wires.get(new Way(from, to));
        return wire == null ? ports.get((int) to - 1) : wire.port();
    }

    List<Long> others(long id) {
        return members.keySet().stream().filter(other -> other != id).sorted().toList();
    }

    /** Waits until all running members but those agree on one that leads. */
    long awaitLeader(Long... without) {
        List<Long> excluded = List.of(without);
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            List<Long> leaders =
                                    members.entrySet().stream()
                                            .filter(entry -> !excluded.contains(entry.getKey()))
                                            .map(entry -> entry.getValue().log().status())
                                            .map(RaftStatus::leaderId)
                                            .distinct()
                                            .toList();
                            return leaders.size() == 1 ? leaders.getFirst() : 0L;
                        },
                        leader -> leader != 0 && !excluded.contains(leader));
    }

    Applied put(long id, String key, String value) {
        return get(member(id).log().propose(Commands.put(key, value)));
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    void isolate(long id) {
        wires.forEach((way, wire) -> {
            if (way.from() == id || way.to() == id) {
                wire.cut();
            }
        });
    }

    /** What the others answer to that member stays on the way. */
    void holdAnswersTo(long id) {
        wires.forEach((way, wire) -> {
            if (way.to() == id) {
                wire.hold();
            }
        });
    }

    /** Whether each of the others has answers to that member on the way. */
    boolean answersHeld(long id) {
        return wires.entrySet().stream()
                .filter(entry -> entry.getKey().to() == id)
                .allMatch(entry -> entry.getValue().held() > 0);
    }

    void letAnswersGo() {
        wires.values().forEach(PeerWire::letGo);
    }

    void mend() {
        wires.values().forEach(PeerWire::mend);
    }

    void stop(long id) {
        Member member = member(id);
        members.remove(id);
        member.open().close();
        member.machine().close();
    }

    @Override
    public void close() throws IOException {
        for (long id : List.copyOf(members.keySet())) {
            stop(id);
        }
        for (PeerWire wire : wires.values()) {
            wire.close();
        }
    }
}
