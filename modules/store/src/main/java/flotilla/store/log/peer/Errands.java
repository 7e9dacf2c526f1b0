package flotilla.store.log.peer;

import java.util.concurrent.Executor;

/** Runs tasks elsewhere, and knows when none runs any more. */
final class Errands implements Executor {
    private final Executor runner;
    private int underWay;

    Errands(Executor runner) {
        this.runner = runner;
    }

    @Override
    public void execute(Runnable task) {
        begun();
        boolean taken = false;
        try {
            runner.execute(() -> {
                try {
                    task.run();
                } finally {
                    ended();
                }
            });
            taken = true;
        } finally {
            if (!taken) {
                ended();
            }
        }
    }

    private synchronized void begun() {
        underWay++;
    }

    private synchronized void ended() {
        underWay--;
        notifyAll();
    }

    /** Waits until none is under way; an interrupt is kept for later. */
    synchronized void await() {
        boolean interrupted = false;
        while (underWay > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
