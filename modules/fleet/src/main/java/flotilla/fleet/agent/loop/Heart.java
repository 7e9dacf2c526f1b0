package flotilla.fleet.agent.loop;

import flotilla.fleet.agent.Event;
import flotilla.fleet.agent.heart.Beat;
import flotilla.fleet.agent.heart.HeartMachine;
import flotilla.fleet.agent.heart.Step;
import flotilla.fleet.job.Machine;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import flotilla.platform.Pulse;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop around a {@link HeartMachine}: one thread, which owns the machine, hears what happens
 * and has the store asked. It never waits for the store, nor for the agent.
 */
public final class Heart implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Heart.class);

    /** After a failure of the machine's own. */
    private static final long RETRY_MILLIS = 250;

    /** How long it is waited that the machine's key is gone. */
    private static final Duration END_LIMIT = Duration.ofSeconds(2);

    /** How long it is waited that leaving is said; the store's client gives up before. */
    private static final Duration SAY_LIMIT = Duration.ofSeconds(30);

    /** How long a daemon may take from its end in order until the next one is in the cluster. */
    private static final Duration ABSENCE = Duration.ofSeconds(60);

    private final Clock clock = Clock.system();
    private final LinkedBlockingQueue<Beat> beats = new LinkedBlockingQueue<>();
    private final HeartDesk desk;
    private final HeartMachine machine;
    private final String machineId;
    private final Thread thread = Thread.ofVirtual().name("heart").unstarted(this::run);
    private final Pulse pulse = new Pulse();
    private final Semaphore left = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Consumer<Event> hearer = _ -> {};
    private volatile @Nullable Long lease;
    private volatile boolean reached;
    private long wakeMillis;

    /**
     * @param ttl how long the machine counts after its last renewal; whole seconds
     */
    public Heart(Registry registry, Machine machine, Duration ttl) {
        this.desk = new HeartDesk(registry, beats::add);
        this.machineId = machine.id();
        this.wakeMillis = millis();
        this.machine = new HeartMachine(machine, ttl, wakeMillis);
    }

    /**
     * Once only.
     *
     * @param agent hears, on the heart's thread, how the machine stands; quick
     */
    public void start(Consumer<Event> agent) {
        hearer = agent;
        thread.start();
    }

    /** Whether the machine has been in the cluster at some time since it began. */
    public boolean hasReachedCluster() {
        return reached;
    }

    /** The lease that holds while the machine is in the cluster. */
    public OptionalLong lease() {
        Long held = lease;
        return held == null ? OptionalLong.empty() : OptionalLong.of(held);
    }

    /** Completes when the loop comes round. Any thread. */
    public CompletableFuture<Void> pulse() {
        CompletableFuture<Void> answer = pulse.ask();
        beats.add(new Beat.Tick());
        return answer;
    }

    private long millis() {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanos());
    }

    private void run() {
        try {
            while (ended.getCount() > 0) {
                Beat beat = next();
                pulse.beat();
                try {
                    machine.on(beat, millis()).forEach(this::carryOut);
                } catch (RuntimeException | StackOverflowError e) {
                    log.error("the machine's heart stumbled on {}, going on", beat, e);
                    wakeMillis = millis() + RETRY_MILLIS;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lease = null;
        }
    }

    private Beat next() throws InterruptedException {
        Beat beat = beats.poll(wakeMillis - millis(), TimeUnit.MILLISECONDS);
        if (beat == null) {
            wakeMillis = Long.MAX_VALUE;
            return new Beat.Tick();
        }
        return beat;
    }

    private void carryOut(Step step) {
        switch (step) {
            case Step.WakeAt(long millis) -> wakeMillis = millis;
            case Step.Grant grant -> desk.grant(grant);
            case Step.Find find -> desk.find(find);
            case Step.Announce announce -> desk.announce(announce);
            case Step.Renew renew -> desk.renew(renew);
            case Step.SayLeaving say -> desk.sayLeaving(say);
            case Step.LearnMembers _ -> desk.learnMembers();
            case Step.Abandon(long its) -> {
                lease = null;
                desk.abandon(its);
            }
            case Step.GiveBack back -> {
                lease = null;
                desk.giveBack(back);
            }
            case Step.Tell(Event event) -> tell(event);
            case Step.Complain(String words) -> log.warn("{}", words);
            case Step.Left _ -> left.release();
            case Step.Ended _ -> ended.countDown();
        }
    }

    private void tell(Event event) {
        switch (event) {
            case Event.Registered registered -> {
                lease = registered.lease();
                reached = true;
                log.info("machine {} is in the cluster", machineId);
            }
            case Event.LeaseLost _ -> log.warn("machine {} has lost its lease", machineId);
            default -> {
                // A renewal changes nothing of what is told here.
            }
        }
        hearer.accept(event);
    }

    /**
     * Tells the cluster that the machine goes in order, which is no word against its units; blocks
     * on the store. To be said while there is a store to hear it: where all machines go at once, it
     * has no majority soon.
     */
    public void sayGoodbye() {
        sayOfLeaving(false);
    }

    /**
     * Tells the cluster that nothing of the machine's units is left, so that others may have them
     * as soon as it is gone; blocks on the store.
     */
    public void sayStopped() {
        sayOfLeaving(true);
    }

    private void sayOfLeaving(boolean stopped) {
        if (!isSaid(new Beat.Leave(stopped), SAY_LIMIT)) {
            log.warn("how the machine leaves is not said: the store does not answer");
        }
    }

    /**
     * Has the machine count for {@link #ABSENCE} although nobody renews its lease: the daemon ends,
     * and another one is about to begin. Blocks on the store.
     */
    public void stay() {
        if (!isSaid(new Beat.Stay(ABSENCE), END_LIMIT)) {
            log.warn("that the machine stays is not said: the store does not answer");
        }
    }

    private boolean isSaid(Beat beat, Duration limit) {
        beats.add(beat);
        try {
            return left.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Leaves the cluster: the machine's key and the states of its units go at once. */
    @Override
    public void close() {
        end(true);
    }

    /** Stops beating and leaves the key to its lease, as a crash would. */
    public void abandon() {
        end(false);
    }

    private void end(boolean giveBack) {
        beats.add(new Beat.End(giveBack));
        try {
            if (thread.getState() != Thread.State.NEW
                    && !ended.await(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("the machine's key is left to its lease: the store does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
