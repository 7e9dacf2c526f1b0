package flotilla.sim.fleet;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Turn;
import flotilla.sim.fleet.host.Host;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.fleet.keeper.Write;
import flotilla.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who wants things of a fleet, and writes them into the store as the API does. */
final class People {
    /** Units that are started anew together at most. */
    private static final int WAVE_MAX = 4;

    /** Kinds of wishes where new texts are rolled out, by their weights. */
    private static final int NOVEL = 20;

    private final World world;
    private final Keeper keeper;
    private final List<Host> hosts;
    private final Texts texts;
    private final long wishNanos;
    private final Novelties novelties;
    private final boolean novel;
    private long waves;
    private boolean over;

    /**
     * @param wishNanos between two wishes, typically
     * @param novel whether they roll new texts out, too
     */
    People(Stage stage, Texts texts, long wishNanos, boolean novel) {
        this.world = stage.world();
        this.keeper = stage.keeper();
        this.hosts = stage.hosts();
        this.texts = texts;
        this.wishNanos = wishNanos;
        this.novelties = new Novelties(stage, texts);
        this.novel = novel;
    }

    void begin() {
        world.after(world.about(wishNanos), "wish", this::next);
    }

    /** Nobody wants anything else. */
    void end() {
        over = true;
    }

    private void next() {
        if (over) {
            return;
        }
        begin();
        if (!keeper.isAway()) {
            wish();
        }
    }

    /** One thing is wanted. */
    void wish() {
        String unit = texts.anyName();
        Optional<Job> job = job(unit);
        switch (world.random().nextInt(novel ? NOVEL : 16)) {
            case 0, 1, 2, 3 -> want(unit, job, JobState.LAUNCHED);
            case 4 -> want(unit, job, JobState.LOADED);
            case 5 -> want(unit, job, JobState.INACTIVE);
            case 6, 7 -> job.ifPresent(this::change);
            case 8 -> job.ifPresent(its -> remove(new Key.OfJob(its.name())));
            case 9, 10 -> restart();
            case 11 -> let(anyHost(), Eligibility.CORDONED);
            case 12 -> let(anyHost(), Eligibility.DRAINING);
            case 13 -> let(anyHost(), Eligibility.READY);
            case 16, 17 -> novelties.begin();
            case 18 -> novelties.steer();
            default -> describe(anyHost());
        }
    }

    /** All are wanted at once. */
    void wantAll(int units) {
        for (int number = 1; number <= units; number++) {
            String unit = Texts.name(number);
            want(unit, job(unit), JobState.LAUNCHED);
        }
    }

    private String anyHost() {
        return hosts.get(world.random().nextInt(hosts.size())).id();
    }

    /** Empty also while it can't be read: the API changes no such unit. */
    private Optional<Job> job(String unit) {
        Stored there = keeper.get(new Key.OfJob(unit));
        return there != null && there.entry() instanceof Entry.OfJob(Job job)
                ? Optional.of(job)
                : Optional.empty();
    }

    private void want(String unit, Optional<Job> job, JobState desired) {
        if (job.isPresent()) {
            if (job.get().desired() != desired) {
                put(new Entry.OfJob(job.get().with(desired)));
            }
        } else if (!keeper.has(new Key.OfJob(unit))) {
            Entry.OfText text = texts.draw(unit);
            put(text, new Entry.OfJob(new Job(unit, text.hash(), desired)));
        }
    }

    private void change(Job job) {
        Entry.OfText text = texts.draw(job.name());
        put(text, new Entry.OfJob(job.with(text.hash(), job.desired())));
    }

    private void restart() {
        String wave = "wave" + ++waves;
        boolean together = world.random().nextInt(4) == 0;
        List<Entry> anew = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < WAVE_MAX; i++) {
            String unit = texts.anyName();
            Optional<Job> job = job(unit).filter(its -> its.desired() == JobState.LAUNCHED);
            if (job.isPresent() && !asked.contains(unit)) {
                asked.add(unit);
                anew.add(new Entry.OfJob(job.get().again(new Turn(wave, together ? 0 : i))));
            }
        }
        if (!anew.isEmpty()) {
            keeper.commit(Write.of(anew, List.of()));
        }
    }

    void let(String host, Eligibility eligibility) {
        if (eligibility == Eligibility.READY) {
            remove(new Key.OfEligibility(host));
        } else {
            put(new Entry.OfEligibility(host, eligibility));
        }
    }

    private void describe(String host) {
        String name = texts.any(Texts.NAMES);
        switch (world.random().nextInt(3)) {
            case 0 -> remove(new Key.OfMetadata(host, name));
            case 1 -> put(new Entry.OfMetadata(host, name, Optional.empty()));
            default -> put(new Entry.OfMetadata(host, name, Optional.of(texts.any(Texts.VALUES))));
        }
    }

    private void put(Entry... entries) {
        keeper.commit(Write.of(List.of(entries), List.of()));
    }

    private void remove(Key key) {
        keeper.commit(Write.of(List.of(), List.of(key)));
    }
}
