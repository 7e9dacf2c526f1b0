package flotilla.conformance.house;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.util.List;
import java.util.Set;

/** What of the JDK and the libraries is the world, as a core sees it. */
final class World {
    private static final List<String> PACKAGES =
            List.of(
                    "java.io.",
                    "java.nio.file.",
                    "java.nio.channels.",
                    "java.net.",
                    "java.sql.",
                    "java.util.logging.",
                    "java.util.concurrent.",
                    "flotilla.client.",
                    "org.slf4j.",
                    "io.netty.",
                    "io.grpc.stub.",
                    "io.grpc.netty.");

    private static final Set<String> TYPES =
            Set.of(
                    "java.lang.Thread",
                    "java.lang.Process",
                    "java.lang.ProcessBuilder",
                    "java.lang.ProcessHandle",
                    "java.lang.Runtime",
                    "java.util.Random",
                    "java.util.random.RandomGenerator",
                    "java.security.SecureRandom",
                    "java.util.Timer");

    /** What lives in a world's package and touches nothing. */
    private static final Set<String> VALUES =
            Set.of(
                    "java.io.Serializable",
                    "java.io.ByteArrayOutputStream",
                    "flotilla.client.lease.Renewal",
                    "java.net.URI",
                    "java.net.URISyntaxException",
                    "java.util.concurrent.TimeUnit");

    private static final Set<String> CALLS =
            Set.of(
                    "java.lang.System.nanoTime",
                    "java.lang.System.currentTimeMillis",
                    "java.lang.System.getenv",
                    "java.lang.System.getProperty",
                    "java.time.Instant.now",
                    "java.time.LocalDateTime.now",
                    "java.time.ZonedDateTime.now",
                    "java.time.Clock.systemUTC",
                    "java.lang.Math.random",
                    "java.util.UUID.randomUUID",
                    "java.util.Collections.shuffle");

    /** What has time pass, or something run beside. */
    private static final Set<String> TIME =
            Set.of(
                    "java.lang.System.nanoTime",
                    "java.lang.System.currentTimeMillis",
                    "java.time.Instant.now",
                    "java.time.LocalDateTime.now",
                    "java.time.ZonedDateTime.now",
                    "java.time.Clock.systemUTC",
                    "flotilla.platform.Clock.system",
                    "java.lang.Thread.sleep",
                    "java.lang.Thread.start",
                    "java.lang.Thread.ofVirtual",
                    "java.lang.Thread.ofPlatform",
                    "java.lang.Thread.startVirtualThread",
                    "java.util.concurrent.TimeUnit.sleep",
                    "java.util.concurrent.locks.LockSupport.parkNanos",
                    "java.util.concurrent.CompletableFuture.runAsync",
                    "java.util.concurrent.CompletableFuture.supplyAsync");

    private static final Set<String> THREADS =
            Set.of(
                    "java.util.concurrent.Executors",
                    "java.util.Timer",
                    "flotilla.platform.Background",
                    "flotilla.platform.BackgroundThread",
                    "flotilla.platform.Mailbox",
                    "flotilla.platform.Recurring");

    private World() {}

    static DescribedPredicate<JavaClass> types() {
        return DescribedPredicate.describe(
                "are I/O, threads, clocks, randomness or logging",
                type -> {
                    String name = type.getBaseComponentType().getName();
                    return !VALUES.contains(name)
                            && (TYPES.contains(name)
                                    || PACKAGES.stream().anyMatch(name::startsWith));
                });
    }

    static DescribedPredicate<JavaMethodCall> passingTime() {
        return DescribedPredicate.describe(
                "it reads a clock, sleeps or starts a thread",
                call -> {
                    String owner = call.getTargetOwner().getName();
                    return THREADS.contains(owner) || TIME.contains(owner + "." + call.getName());
                });
    }

    static DescribedPredicate<JavaMethodCall> clockOrChance() {
        return DescribedPredicate.describe(
                "it reads a clock, the environment or a random source",
                call -> CALLS.contains(call.getTargetOwner().getName() + "." + call.getName()));
    }
}
