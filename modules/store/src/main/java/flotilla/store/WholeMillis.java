package flotilla.store;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * An event loop that sleeps until a timer is due. A selector sleeps whole milliseconds, and Netty
 * rounds to the nearest: rounded down, it polls without a pause for what is left, up to half a
 * millisecond before each tick. Here it sleeps on, so a timer is up to a millisecond late.
 */
record WholeMillis(IoHandlerFactory loops) implements IoHandlerFactory {
    /** What makes rounding to the nearest millisecond rounding up, nanoseconds. */
    private static final long ROUND_UP_NANOS = 499_999;

    @Override
    public IoHandler newHandler(ThreadAwareExecutor thread) {
        return new Handler(loops.newHandler(thread));
    }

    @Override
    public boolean isChangingThreadSupported() {
        return loops.isChangingThreadSupported();
    }

    private record Handler(IoHandler handler) implements IoHandler {
        @Override
        public void initialize() {
            handler.initialize();
        }

        @Override
        public int run(IoHandlerContext context) {
            return handler.run(new Context(context));
        }

        @Override
        public void prepareToDestroy() {
            handler.prepareToDestroy();
        }

        @Override
        public void destroy() {
            handler.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return handler.register(handle);
        }

        @Override
        public void wakeup() {
            handler.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handle) {
            return handler.isCompatible(handle);
        }
    }

    /** What the loop tells of its tasks and timers. */
    record Context(IoHandlerContext loop) implements IoHandlerContext {
        @Override
        public boolean canBlock() {
            return loop.canBlock();
        }

        /** {@code Long.MAX_VALUE} is no timer. */
        @Override
        public long delayNanos(long now) {
            long delay = loop.delayNanos(now);
            return delay > Long.MAX_VALUE - ROUND_UP_NANOS ? delay : delay + ROUND_UP_NANOS;
        }

        @Override
        public long deadlineNanos() {
            return loop.deadlineNanos();
        }

        @Override
        public void reportActiveIoTime(long nanos) {
            loop.reportActiveIoTime(nanos);
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            return loop.shouldReportActiveIoTime();
        }
    }
}
