package flotilla.store;

import static flotilla.store.LogCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.store.apply.refusal.EtcdException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Linearizable reads, where a wrong gate would be found out. */
class LinearizableReadTest {
    @TempDir Path root;

    @Test
    void a_leader_that_was_cut_off_never_answers_with_old_data() throws Exception {
        try (LogCluster cluster = LogCluster.started(root, 3)) {
            cluster.put(1, "a", "old");
            long cutOff = cluster.awaitLeader();
            LogCluster.get(cluster.member(cutOff).log().readBarrier());
            AtomicBoolean newer = new AtomicBoolean();
            List<String> stale = new ArrayList<>();
            AtomicInteger asked = new AtomicInteger();
            List<CompletableFuture<Void>> reads = new ArrayList<>();

            cluster.isolate(cutOff);
            CompletableFuture<Void> write =
                    CompletableFuture.runAsync(() -> {
                        long next = cluster.awaitLeader(cutOff);
                        cluster.put(next, "a", "new");
                        newer.set(true);
                    });
            // Reads all through: while it still thinks it leads, as it steps down, and after.
            await().atMost(PATIENCE)
                    .pollDelay(0, TimeUnit.MILLISECONDS)
                    .pollInterval(2, TimeUnit.MILLISECONDS)
                    .until(() -> {
                        boolean afterNewer = newer.get();
                        asked.incrementAndGet();
                        reads.add(
                                cluster.member(cutOff)
                                        .log()
                                        .readBarrier()
                                        .thenRun(() -> note(cluster, cutOff, afterNewer, stale)));
                        return write.isDone() && !cluster.member(cutOff).log().status().isLeader();
                    });
            write.join();

            reads.forEach(LinearizableReadTest::endsSomehow);
            assertThat(asked.get()).isPositive();
            assertThat(stale).isEmpty();
        }
    }

    /**
     * The others acknowledged requests of the leader before it was cut off; that reaches it only
     * when they have long made another leader, and proves nothing.
     */
    @Test
    void acknowledgements_that_were_long_on_the_way_confirm_no_read() throws Exception {
        try (LogCluster cluster = new LogCluster(root, 3, 10_000)) {
            long old = 1;
            cluster.start(old, cluster.directory(old), Duration.ofSeconds(8));
            cluster.start(2);
            cluster.start(3);
            cluster.put(2, "a", "old");
            long first = cluster.awaitLeader();
            if (first != old) {
                LogCluster.get(cluster.member(first).log().transferLeadership(old));
            }
            await().atMost(PATIENCE).until(() -> cluster.awaitLeader() == old);
            LogCluster.get(cluster.member(old).log().readBarrier());

            cluster.holdAnswersTo(old);
            await().atMost(PATIENCE).until(() -> cluster.answersHeld(old));
            cluster.isolate(old);
            long next = cluster.awaitLeader(old);
            cluster.put(next, "a", "new");
            assertThat(cluster.member(old).log().status().isLeader()).isTrue();
            List<String> stale = new ArrayList<>();
            List<CompletableFuture<Void>> reads = new ArrayList<>();
            AtomicInteger asked = new AtomicInteger();
            await().atMost(PATIENCE)
                    .pollInterval(5, TimeUnit.MILLISECONDS)
                    .until(() -> {
                        reads.add(
                                cluster.member(old)
                                        .log()
                                        .readBarrier()
                                        .thenRun(() -> note(cluster, old, true, stale)));
                        if (asked.incrementAndGet() == 20) {
                            cluster.letAnswersGo();
                        }
                        return asked.get() == 100;
                    });
            cluster.mend();

            reads.forEach(LinearizableReadTest::endsSomehow);
            assertThat(stale).isEmpty();
        }
    }

    private static void note(
            LogCluster cluster, long member, boolean afterNewer, List<String> stale) {
        String value = String.valueOf(cluster.member(member).value("a"));
        if (afterNewer && !value.equals("new")) {
            synchronized (stale) {
                stale.add(value);
            }
        }
    }

    private static void endsSomehow(CompletableFuture<Void> read) {
        try {
            read.join();
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(EtcdException.class);
        }
    }

    @Test
    void a_thousand_readers_see_each_write_acknowledged_before_they_asked() throws Exception {
        try (LogCluster cluster = LogCluster.started(root, 3);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            cluster.put(1, "n", "0");
            AtomicLong acknowledged = new AtomicLong();
            AtomicBoolean done = new AtomicBoolean();
            ConcurrentLinkedQueue<String> stale = new ConcurrentLinkedQueue<>();
            AtomicInteger answered = new AtomicInteger();
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                long member = 1L + i % 3;
                readers.add(
                        threads.submit(() -> {
                            while (!done.get()) {
                                long atLeast = acknowledged.get();
                                if (barrier(cluster, member)) {
                                    answered.incrementAndGet();
                                    check(cluster, member, atLeast, stale);
                                }
                            }
                        }));
            }

            for (int i = 1; i <= 300; i++) {
                cluster.put(1 + i % 3, "n", "" + i);
                acknowledged.set(i);
                if (i % 100 == 0) {
                    long leader = cluster.awaitLeader();
                    long next = cluster.others(leader).get(i / 100 % 2);
                    endsSomehow(cluster.member(leader).log().transferLeadership(next));
                }
            }
            done.set(true);
            for (Future<?> reader : readers) {
                reader.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }

            assertThat(stale).isEmpty();
            assertThat(answered.get()).isGreaterThan(1000);
        }
    }

    private static boolean barrier(LogCluster cluster, long member) {
        try {
            cluster.member(member).log().readBarrier().join();
            return true;
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(EtcdException.class);
            return false;
        }
    }

    private static void check(
            LogCluster cluster, long member, long atLeast, ConcurrentLinkedQueue<String> stale) {
        String value = Objects.requireNonNull(cluster.member(member).value("n"));
        if (Long.parseLong(value) < atLeast) {
            stale.add("member " + member + " read " + value + " after " + atLeast);
        }
    }
}
