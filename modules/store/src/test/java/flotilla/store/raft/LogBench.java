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

/**
 * Measures the log alone: three members in one JVM, a state machine that only counts. Arguments: a
 * directory on the disk to measure, seconds for each line.
 */
final class LogBench {
    private LogBench() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0], "log-bench-" + ProcessHandle.current().pid());
        Duration each = Duration.ofSeconds(Long.parseLong(args[1]));
        Files.createDirectories(directory);
        try (TestCluster cluster = new TestCluster(directory, 3, 10_000).uncabled()) {
            for (long id = 1; id <= 3; id++) {
                cluster.start(id);
            }
            cluster.put(1, "a", "b");
            long leader = cluster.awaitLeader();
            long follower = cluster.others(leader).getFirst();
            for (int round = 0; round < 2; round++) {
                for (int clients : new int[] {1, 64, 1000}) {
                    line("put leader", cluster, leader, clients, each, true);
                }
                line("put follower", cluster, follower, 1, each, true);
                line("put follower", cluster, follower, 1000, each, true);
                line("read leader", cluster, leader, 1, each, false);
                line("read leader", cluster, leader, 1000, each, false);
                line("read follower", cluster, follower, 1, each, false);
                line("read follower", cluster, follower, 1000, each, false);
            }
            idle(each.multipliedBy(3));
            System.out.println(cluster.member(leader).log().metrics());
        }
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

    private static void line(
            String what,
            TestCluster cluster,
            long member,
            int clients,
            Duration each,
            boolean put) {
        RatisLog log = cluster.member(member).log();
        LongAdder done = new LongAdder();
        long start = System.nanoTime();
        long end = start + each.toNanos();
        String value = "v".repeat(256);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            String key = "key" + i;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                while (System.nanoTime() < end) {
                                    CompletableFuture<?> answer =
                                            put
                                                    ? log.propose(TallyMachine.put(key, value))
                                                    : log.readBarrier();
                                    answer.join();
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
