package flotilla.conformance.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import flotilla.conformance.history.FaultPlan.Strike;
import flotilla.conformance.servers.Cluster;
import flotilla.conformance.servers.Connection;
import flotilla.conformance.servers.Hosts;
import flotilla.conformance.servers.Program;
import flotilla.conformance.servers.Server;
import flotilla.conformance.servers.Unavailable;
import flotilla.proof.SmallDisk;
import flotilla.protocol.HashKVRequest;
import flotilla.sim.model.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients ask three members, each a process, while those are killed, stopped, cut off and out of
 * disk. What clients saw must be what one store could have told them that does one thing after the
 * other. {@code -Dhistory.seed=N} draws other moments and requests; {@code -Dhistory.program=ETCD}
 * tries the original.
 */
class HistoryIT {
    private static final int MEMBERS = 3;
    private static final int CLIENTS = 5;

    /** Of a member whose disk fills; its log, its state and some checkpoints fit. */
    private static final int DISK_BYTES = 64 << 20;

    private static final List<String> SNAPSHOTS = List.of("--snapshot-count=60");
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final long SEED = Long.getLong("history.seed", 11);

    @TempDir private Path folder;

    private final List<Connection> members = new ArrayList<>();
    private final List<AutoCloseable> means = new ArrayList<>();
    private final List<SmallDisk> disks = new ArrayList<>();
    private final List<Thread> clients = new ArrayList<>();
    private final Recorder recorder = new Recorder();

    /** Of one run. */
    enum Trouble {
        PROCESSES,
        NETWORK,
        DISK;

        /** Beside its own kind there are crashes. */
        List<Fault> faults() {
            return switch (this) {
                case PROCESSES -> List.of(Fault.KILL, Fault.PAUSE, Fault.KILL_ALL, Fault.PAUSE);
                case NETWORK -> List.of(Fault.CUT, Fault.CUT_ONE_WAY, Fault.KILL, Fault.CUT);
                case DISK -> List.of(Fault.FULL_DISK, Fault.PAUSE, Fault.FULL_DISK);
            };
        }
    }

    @AfterEach
    void close() throws Exception {
        for (Thread client : clients) {
            client.interrupt();
            client.join();
        }
        members.forEach(Connection::close);
        for (AutoCloseable each : means.reversed()) {
            each.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_clients_saw_one_store_could_have_told_them(Trouble trouble) throws Exception {
        FaultPlan plan = FaultPlan.of(trouble.faults(), MEMBERS, SEED);
        Hosts hosts = trouble == Trouble.NETWORK ? hosts() : null;
        if (trouble == Trouble.DISK) {
            mountDisks();
        }
        Cluster cluster = start(hosts);
        startClients();

        for (Strike strike : plan.strikes()) {
            awaitAnswers(cluster, strike.after(), "before " + strike);
            strike(cluster, hosts, strike);
            if (strike.fault() != Fault.KILL_ALL) {
                awaitAnswers(cluster, strike.lasts(), "during " + strike);
            }
            mend(cluster, hosts);
        }
        awaitAnswers(cluster, plan.strikes().getLast().after(), "after all");
        endClients();
        stores().forEach(store -> awaitDone(store, Request.get("k0")));

        System.out.printf("%s, seed %d: %s%n", trouble, SEED, recorder);
        Past past = Past.of(stores().getFirst());
        assertThat(Judgement.of(recorder, past))
                .as("what is wrong with the history of %s, -Dhistory.seed=%d", trouble, SEED)
                .isEmpty();
        assertMembersHoldTheSame();
    }

    /** So that it is known that the test above can fail. */
    @Test
    void a_serializable_read_that_passes_for_a_linearizable_one_is_seen() throws Exception {
        Hosts hosts = hosts();
        Cluster cluster = start(hosts);
        Store one = stores().getFirst();
        Store liar = new MemberStore(members.getLast(), true);
        awaitDone(one, Request.put("k0", "old"));
        awaitDone(stores().getLast(), Request.get("k0"));
        strike(cluster, hosts, new Strike(Fault.CUT, MEMBERS - 1, 0, 0));
        awaitDone(one, Request.put("k0", "new"));

        assertThat(recorder.ask(liar, Request.get("k0"))).isInstanceOf(Outcome.Told.class);

        assertThat(Judgement.of(recorder, Past.of(one)))
                .startsWith("key k0 alone is wrong")
                .containsPattern("get k0 -> \\[k0 old .*<-- wrong");
    }

    private Hosts hosts() {
        try {
            Hosts hosts = Hosts.of(MEMBERS);
            means.add(hosts);
            return hosts;
        } catch (Unavailable e) {
            return abort(String.valueOf(e.getMessage()));
        }
    }

    private void mountDisks() throws IOException, InterruptedException {
        for (int i = 0; i < MEMBERS; i++) {
            SmallDisk disk = SmallDisk.at(Cluster.data(folder, i), DISK_BYTES);
            disks.add(disk);
            means.add(disk);
        }
    }

    private Cluster start(@Nullable Hosts hosts) {
        Program program = Program.valueOf(System.getProperty("history.program", "FLOTILLA"));
        Cluster cluster =
                hosts == null
                        ? Cluster.of(program, MEMBERS, folder, SNAPSHOTS)
                        : Cluster.at(hosts.places(), program, folder, SNAPSHOTS);
        means.add(cluster);
        cluster.start();
        cluster.addresses().forEach(address -> members.add(new Connection(address)));
        return cluster;
    }

    private List<Store> stores() {
        return members.stream().<Store>map(member -> new MemberStore(member, false)).toList();
    }

    private void awaitDone(Store store, Request request) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> recorder.ask(store, request) instanceof Outcome.Told);
    }

    private void startClients() {
        List<Store> stores = stores();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofVirtual().start(new Client(i, stores, recorder, SEED)));
        }
    }

    private void endClients() throws InterruptedException {
        for (Thread client : clients) {
            client.interrupt();
            client.join();
        }
    }

    private void awaitAnswers(Cluster cluster, int more, String when) {
        int from = recorder.answers();
        try {
            Awaitility.await(more + " more answers " + when + ", -Dhistory.seed=" + SEED)
                    .atMost(PATIENCE)
                    .pollInterval(POLL)
                    .until(() -> recorder.answers() >= from + more);
        } catch (ConditionTimeoutException e) {
            cluster.servers()
                    .forEach(server -> e.addSuppressed(new AssertionError(server.logTail())));
            throw e;
        }
    }

    private void strike(Cluster cluster, @Nullable Hosts hosts, Strike strike) throws IOException {
        Server victim = cluster.servers().get(strike.member());
        switch (strike.fault()) {
            case KILL -> victim.kill();
            case KILL_ALL -> cluster.kill();
            case PAUSE -> victim.pause();
            case CUT -> cut(hosts, strike.member(), true);
            case CUT_ONE_WAY -> cut(hosts, strike.member(), false);
            case FULL_DISK -> disks.get(strike.member()).fill();
        }
    }

    private static void cut(@Nullable Hosts hosts, int member, boolean bothWays) {
        Hosts there = Objects.requireNonNull(hosts);
        IntStream.range(0, MEMBERS)
                .filter(other -> other != member)
                .forEach(other -> {
                    there.cut(member, other);
                    if (bothWays) {
                        there.cut(other, member);
                    }
                });
    }

    private void mend(Cluster cluster, @Nullable Hosts hosts) throws IOException {
        for (SmallDisk disk : disks) {
            disk.makeRoom();
        }
        if (hosts != null) {
            hosts.joinAll();
        }
        cluster.servers().forEach(Server::goOn);
        cluster.servers().forEach(Server::start);
    }

    private void assertMembersHoldTheSame() {
        List<Integer> hashes = new ArrayList<>();
        for (Connection member : members) {
            var _ = new MemberStore(member, false).ask(Request.get("k0"));
            hashes.add(
                    member.maintenance(PATIENCE)
                            .hashKV(HashKVRequest.getDefaultInstance())
                            .getHash());
        }
        assertThat(hashes).as("hashes of all members").containsOnly(hashes.getFirst());
    }
}
