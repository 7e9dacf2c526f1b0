package flotilla.fleet.agent.loop;

import flotilla.fleet.agent.Action;
import flotilla.fleet.agent.AgentMachine;
import flotilla.fleet.agent.Event;
import flotilla.fleet.image.Images;
import flotilla.fleet.job.Now;
import flotilla.fleet.registry.Registry;
import flotilla.machine.Init;
import flotilla.platform.Clock;
import flotilla.platform.Pulse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop around an {@link AgentMachine}: one thread, which owns the machine, hears what happens
 * and carries out what follows. The init is asked on it; the store, which may take long, elsewhere.
 */
public final class Agent implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Agent.class);

    /** After a failure of the machine's own, and while the diary can't be written. */
    private static final long RETRY_MILLIS = 2_000;

    private final Clock clock = Clock.system();
    private final BlockingDeque<Event> events = new LinkedBlockingDeque<>();
    private final AgentMachine machine;
    private final StoreDesk store;
    private final InitDesk init;
    private final Diary diary;
    private final Prober prober;
    private final ImageDesk images;
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private final Thread thread = Thread.ofVirtual().name("agent").unstarted(this::run);
    private final Lookout lookout;
    private final Pulse pulse = new Pulse();
    private long wakeMillis;

    private Agent(Registry registry, Init init, Images images, AgentConfig config)
            throws IOException {
        this.diary = Diary.open(config.diary(), config.bootId());
        this.store = new StoreDesk(registry, config.machineId(), events::add);
        this.init = new InitDesk(init, diary, clock, events::add);
        this.prober = new Prober(init::probe, events::add);
        this.images = ImageDesk.over(images, registry, clock, events::add);
        this.machine = new AgentMachine(config.machineId(), config.fence(), diary.held(), now());
        diary.stale().keySet().forEach(this.init::discardStale);
        this.lookout = Lookout.over(init, events::add);
        this.wakeMillis = now().monotonicMillis();
    }

    /** Units that the init has from an earlier run of this daemon in the same boot go on. */
    public static Agent start(Registry registry, Init init, Images images, AgentConfig config)
            throws IOException {
        Agent agent = new Agent(registry, init, images, config);
        agent.thread.start();
        return agent;
    }

    /**
     * Hears from the machine's heart; on any thread. A renewal is first in the queue: what waits
     * there must not look as if none had been accepted.
     */
    public void hear(Event event) {
        if (event instanceof Event.Renewed) {
            events.addFirst(event);
        } else {
            events.add(event);
        }
    }

    /** Completes when the loop comes round. Any thread. */
    public CompletableFuture<Void> pulse() {
        CompletableFuture<Void> answer = pulse.ask();
        events.add(new Event.Tick());
        return answer;
    }

    private Now now() {
        return new Now(millis(clock.nanos()), clock.now().toEpochMilli());
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private void run() {
        try {
            while (true) {
                Event event = next();
                pulse.beat();
                try {
                    machine.on(event, now()).forEach(this::carryOut);
                } catch (RuntimeException | StackOverflowError e) {
                    log.error("the agent failed on {}, going on", event, e);
                    wakeMillis = now().monotonicMillis() + RETRY_MILLIS;
                }
            }
        } catch (InterruptedException closed) {
            store.close();
            lookout.close();
            images.close();
        }
    }

    private Event next() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("closed");
        }
        @Nullable Event event = events.poll();
        while (event == null) {
            long now = now().monotonicMillis();
            if (now >= wakeMillis) {
                wakeMillis = Long.MAX_VALUE;
                return new Event.Tick();
            }
            long until = diary.catchUp() ? wakeMillis : Math.min(wakeMillis, now + RETRY_MILLIS);
            event = events.poll(until - now, TimeUnit.MILLISECONDS);
        }
        return event;
    }

    private void carryOut(Action action) {
        switch (action) {
            case Action.WakeAt(long millis) -> wakeMillis = millis;
            case Action.Left _ -> left.complete(null);
            case Action.ListPlacements list -> store.list(list);
            case Action.ReadTexts read -> store.read(read);
            case Action.Say say -> store.say(say);
            case Action.AskSaid ask -> store.askSaid(ask);
            case Action.Load load -> init.load(load);
            case Action.Reload reload -> init.reload(reload);
            case Action.Fetch fetch -> images.fetch(fetch);
            case Action.Order order -> init.order(order);
            case Action.Kill kill -> init.kill(kill);
            case Action.Discard discard -> init.discard(discard);
            case Action.Probe probe -> prober.ask(probe);
            case Action.Look look -> init.look(look);
            case Action.Note(String unit, var as) -> diary.mark(unit, as);
            case Action.Guard guard -> init.guard(guard);
        }
    }

    /** Stops and removes every unit of fleet's; whether they are gone before the limit is up. */
    public boolean unloadAll(Duration limit) throws InterruptedException {
        events.add(new Event.Leave());
        try {
            left.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            log.warn("some units have not stopped within {}; leaving them", limit);
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops looking after units, which stay as they are. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
