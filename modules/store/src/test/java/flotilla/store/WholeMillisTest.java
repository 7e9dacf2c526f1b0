package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WholeMillisTest {
    private static final int TIMERS = 100;

    /** Turns that a timer needs: one falls asleep, one runs the task, some end the wait. */
    private static final int TURNS_PER_TIMER = 8;

    @Test
    void a_loop_sleeps_until_its_timer_is_due() throws Exception {
        // given
        AtomicInteger turns = new AtomicInteger();
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new WholeMillis(thread ->
                                new Counted(NioIoHandler.newFactory().newHandler(thread), turns)));
        try {
            // when: each would be rounded down to two milliseconds
            for (int i = 0; i < TIMERS; i++) {
                group.schedule(() -> {}, 2_450, TimeUnit.MICROSECONDS).get();
            }

            // then
            assertThat(turns).hasValueLessThan(TIMERS * TURNS_PER_TIMER);
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();
        }
    }

    private record Counted(IoHandler handler, AtomicInteger turns) implements IoHandler {
        @Override
        public int run(IoHandlerContext context) {
            turns.incrementAndGet();
            return handler.run(context);
        }

        @Override
        public void initialize() {
            handler.initialize();
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
}
