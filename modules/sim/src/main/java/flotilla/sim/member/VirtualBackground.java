package flotilla.sim.member;

import flotilla.platform.Background;
import flotilla.sim.world.Life;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What goes on beside a process's other work, in steps that are events. */
record VirtualBackground(Life life, Life.Pace pace) implements Background {
    @Override
    public Work begin(
            String name, Duration pause, BooleanSupplier step, Consumer<Throwable> onFailure) {
        Steps steps = new Steps(name, pause.toNanos(), step, onFailure);
        steps.wake();
        return steps;
    }

    private final class Steps implements Work {
        private final String name;
        private final long pauseNanos;
        private final BooleanSupplier step;
        private final Consumer<Throwable> onFailure;
        private boolean due;
        private boolean closed;

        Steps(String name, long pauseNanos, BooleanSupplier step, Consumer<Throwable> onFailure) {
            this.name = name;
            this.pauseNanos = pauseNanos;
            this.step = step;
            this.onFailure = onFailure;
        }

        @Override
        public void wake() {
            if (!due && !closed) {
                due = true;
                life.after(pauseNanos + pace.nanos(), name, this::run);
            }
        }

        private void run() {
            due = false;
            if (closed) {
                return;
            }
            try {
                if (step.getAsBoolean()) {
                    wake();
                }
            } catch (RuntimeException e) {
                closed = true;
                onFailure.accept(e);
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
