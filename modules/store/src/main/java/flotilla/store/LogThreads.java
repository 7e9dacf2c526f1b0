package flotilla.store;

import flotilla.platform.Clock;
import flotilla.store.log.driver.Loop;
import flotilla.store.log.driver.Workers;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a member's log. One event loop carries the consensus core and all connections to
 * other members, so that a message reaches the core, and leaves it, without changing threads.
 */
final class LogThreads implements AutoCloseable {
    /** For what was handed to a thread and must be done before it ends, seconds. */
    private static final long END_SECONDS = 10;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(
                    1, named("raft"), new WholeMillis(NioIoHandler.newFactory()));
    private final EventLoop core = group.next();
    private final ExecutorService disk = Executors.newSingleThreadExecutor(named("raft-log"));
    private final ExecutorService apply = Executors.newSingleThreadExecutor(named("raft-apply"));
    private final ExecutorService snapshots =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("raft-snapshots").factory());

    /** Platform threads: one that reads all keys would take a core from all virtual ones. */
    private final ExecutorService readers = Executors.newCachedThreadPool(named("raft-readers"));

    private final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();

    private static ThreadFactory named(String name) {
        return Thread.ofPlatform().daemon().name(name).factory();
    }

    EventLoop core() {
        return core;
    }

    Workers workers() {
        return new Workers(new CoreLoop(core), disk, apply, snapshots, readers, others);
    }

    /** An event loop and the host's clock. */
    private record CoreLoop(EventLoop loop) implements Loop {
        @Override
        public void execute(Runnable task) {
            loop.execute(task);
        }

        @Override
        public void after(long nanos, Runnable task) {
            var _ = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public Clock clock() {
            return Clock.system();
        }
    }

    /** Blocks until what was under way has ended. */
    @Override
    public void close() {
        List<ExecutorService> own = List.of(disk, apply, snapshots);
        own.forEach(ExecutorService::shutdown);
        try {
            for (ExecutorService thread : own) {
                var _ = thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        readers.shutdown();
        others.shutdown();
        var _ = group.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS);
    }
}
