package flotilla.sim;

import flotilla.platform.log.Logging;
import flotilla.sim.Options.WrongUsage;
import flotilla.sim.fleet.FleetSimulation;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./flotilla simulate}: runs seeds, says how it goes, and of a failure how to see it again.
 */
public final class Simulate {
    /** How often a long work says how far it is, seconds. */
    private static final long PROGRESS_SECONDS = 10;

    private final Options options;
    private final PrintStream out;
    private final PrintStream progress;
    private final long beganNanos = System.nanoTime();
    private long saidNanos = beganNanos;
    private long events;
    private long acknowledged;
    private long changes;
    private long unchecked;

    private Simulate(Options options, PrintStream out, PrintStream progress) {
        this.options = options;
        this.out = out;
        this.progress = progress;
    }

    public static void main(String[] arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    /** Returns the exit code. */
    static int run(PrintStream out, PrintStream err, String... arguments) {
        if (Options.asksForHelp(arguments)) {
            out.print(Options.HELP);
            return 0;
        }
        silence();
        try {
            return new Simulate(Options.parse(arguments), out, err).runAll();
        } catch (WrongUsage e) {
            err.println("flotilla simulate: " + e.getMessage());
            return 2;
        }
    }

    /** What members log while machines crash under them is no news. */
    private static void silence() {
        Logging.start("off", Logging.Format.TEXT);
    }

    private int runAll() {
        for (long seed = options.seed(); seed < options.seed() + options.seeds(); seed++) {
            try {
                if (options.fleet()) {
                    runFleet(seed);
                } else {
                    runStore(seed);
                }
            } catch (RuntimeException e) {
                out.println(failure(seed, e));
                return 1;
            }
            sayHowFar(seed);
        }
        out.println(
                "%,d events, %s, %d seeds: every promise held; %s%s"
                        .formatted(events, what(), options.seeds(), speed(), unchecked()));
        return 0;
    }

    private void runStore(long seed) {
        Simulation.Outcome outcome = Simulation.run(seed, options.events());
        events += outcome.events();
        acknowledged += outcome.acknowledged();
        changes += outcome.changes();
        unchecked += outcome.checked() ? 0 : 1;
    }

    private void runFleet(long seed) {
        FleetSimulation.Outcome outcome =
                options.story()
                        ? FleetSimulation.run(seed, options.size(), out::println)
                        : FleetSimulation.watch(
                                seed, options.size(), progress -> sayHowFar(seed, progress));
        events += outcome.events();
        changes += outcome.decrees();
    }

    private String what() {
        return options.fleet()
                ? "%,d transactions of engines%s"
                        .formatted(
                                changes,
                                FleetSimulation.isLarge(options.size().units())
                                        ? " (plans not compared, rest looked at every 15 s)"
                                        : "")
                : "%,d acknowledged writes, %,d changes of members"
                        .formatted(acknowledged, changes);
    }

    /** One line, whatever the failure has to say. */
    private String failure(long seed, RuntimeException e) {
        String what = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        return "seed %d: %s; again: %s".formatted(seed, what, options.again(seed));
    }

    private boolean isTimeToSay() {
        long now = System.nanoTime();
        boolean isTime = now - saidNanos > TimeUnit.SECONDS.toNanos(PROGRESS_SECONDS);
        if (isTime) {
            saidNanos = now;
        }
        return isTime;
    }

    private void sayHowFar(long seed, FleetSimulation.Progress run) {
        if (isTimeToSay()) {
            Runtime memory = Runtime.getRuntime();
            progress.println(
                    "seed %d: %,d events, %.1f s of its time%s; %,d MiB in use"
                            .formatted(
                                    seed,
                                    run.events(),
                                    run.nanos() / 1e9,
                                    run.mended() ? ", all is mended" : "",
                                    (memory.totalMemory() - memory.freeMemory()) >> 20));
        }
    }

    private void sayHowFar(long seed) {
        if (isTimeToSay()) {
            progress.println(
                    "seed %d, %d of %d: %,d events, %s"
                            .formatted(
                                    seed,
                                    seed - options.seed() + 1,
                                    options.seeds(),
                                    events,
                                    speed()));
        }
    }

    private String speed() {
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        return String.format(Locale.ROOT, "%,.0f events a second", events / seconds);
    }

    private String unchecked() {
        return unchecked == 0
                ? ""
                : "; the histories of %d were too hard to check to the end".formatted(unchecked);
    }
}
