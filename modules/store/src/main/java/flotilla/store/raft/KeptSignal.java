package flotilla.store.raft;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.util.AwaitForSignal;
import org.jspecify.annotations.Nullable;

/**
 * A signal for one waiting thread that is kept until it waits: Ratis' own is lost when it comes
 * just before. Signals that come together count once.
 */
final class KeptSignal extends AwaitForSignal {
    private final AtomicBoolean signalled = new AtomicBoolean();
    private volatile @Nullable Thread waiter;

    KeptSignal(Object name) {
        super(name);
    }

    @Override
    public void signal() {
        if (signalled.compareAndSet(false, true)) {
            LockSupport.unpark(waiter);
        }
    }

    /** May return early without a signal, as {@link LockSupport#park} does. */
    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        waiter = Thread.currentThread();
        if (!signalled.get()) {
            LockSupport.parkNanos(this, unit.toNanos(time));
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return signalled.getAndSet(false);
    }
}
