package flotilla.sim.world;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** One thread of a {@link Life}: its tasks in order, each at the end of the time it takes. */
final class Lane implements Executor {
    private final Life life;
    private final String name;
    private final Life.Pace pace;
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    Lane(Life life, String name, Life.Pace pace) {
        this.life = life;
        this.name = name;
        this.pace = pace;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (tasks.size() == 1) {
            next();
        }
    }

    private void next() {
        life.after(pace.nanos(), name, this::run);
    }

    private void run() {
        try {
            tasks.element().run();
        } finally {
            tasks.remove();
            if (!tasks.isEmpty()) {
                next();
            }
        }
    }
}
