package flotilla.store.raft;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Measures the log alone: three members in one JVM, a state machine that only counts. Arguments: a
 * directory on the disk to measure, seconds for each line.
 */
final class LogBench {
    private static final String VALUE = "v".repeat(256);

    private final TestCluster cluster;
    private final Duration each;

    private LogBench(TestCluster cluster, Duration each) {
        this.cluster = cluster;
        this.each = each;
    }

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0], "log-bench-" + ProcessHandle.current().pid());
        Duration each = Duration.ofSeconds(Long.parseLong(args[1]));
        Files.createDirectories(directory);
        try (TestCluster cluster = new TestCluster(directory, 3, 10_000).uncabled()) {
            for (long id = 1; id <= 3; id++) {
                cluster.start(id);
            }
            cluster.put(1, "a", "b");
            new LogBench(cluster, each).run();
        }
    }

    private void run() {
        long leader = cluster.awaitLeader();
        long follower = cluster.others(leader).getFirst();
        RatisLog atLeader = cluster.member(leader).log();
        RatisLog atFollower = cluster.member(follower).log();
        for (int round = 0; round < 2; round++) {
            for (int clients : new int[] {1, 64, 1000}) {
                line("put leader", clients, key -> put(atLeader, key));
            }
            line("put follower", 1, key -> put(atFollower, key));
            line("put follower", 1000, key -> put(atFollower, key));
            line("read leader", 1, _ -> atLeader.readBarrier());
            line("read leader", 1000, _ -> atLeader.readBarrier());
            line("read follower", 1, _ -> atFollower.readBarrier());
            line("read follower", 1000, _ -> atFollower.readBarrier());
        }
        idle(each.multipliedBy(3));
        System.out.println(atLeader.metrics());
    }

    private static CompletableFuture<?> put(RatisLog log, String key) {
        return log.propose(TallyMachine.put(key, VALUE));
    }

    private static void idle(Duration each) {
        long before = cpuNanos();
        long start = System.nanoTime();
        while (System.nanoTime() - start < each.toNanos()) {
            LockSupport.parkNanos(each.toNanos());
        }
        System.out.printf(
                "idle: %.2f%% of a core for three members%n",
                100.0 * (cpuNanos() - before) / (System.nanoTime() - start));
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private void line(String what, int clients, Function<String, CompletableFuture<?>> ask) {
        LongAdder done = new LongAdder();
        long start = System.nanoTime();
        long end = start + each.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            String key = "key" + i;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                while (System.nanoTime() < end) {
                                    ask.apply(key).join();
                                    done.increment();
                                }
                            }));
        }
        for (Thread thread : threads) {
            join(thread);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%-14s %5d clients: %8.0f/s, %7.0f us each%n",
                what,
                clients,
                done.sum() / seconds,
                clients * seconds * 1e6 / Math.max(1, done.sum()));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
