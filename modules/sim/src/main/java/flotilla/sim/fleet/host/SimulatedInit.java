package flotilla.sim.fleet.host;

import flotilla.machine.Init.JobResult;
import flotilla.machine.Init.JobVerb;
import flotilla.machine.UnitState;
import flotilla.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * An init and its units, as {@code flotilla.machine.Init} promises one to be. Starts and stops take
 * their time, some fail or hang. What may run only for so long is killed then, whoever stands
 * still.
 */
final class SimulatedInit {
    /** After how long a stop that hangs is ended by force ({@code TimeoutStopSec=}). */
    private static final long STOP_LIMIT_NANOS = 20_000_000_000L;

    /** How long a process lives on that is killed, at most. */
    private static final long KILL_NANOS = 50_000_000;

    /** In the path of a program that fails whenever it is started. */
    private static final String BAD = "/bin/bad-";

    private final World world;
    private final Timepiece clock;
    private final Program program;
    private final Listener listener;
    private final Map<String, Task> tasks = new TreeMap<>();
    private Habits habits;
    private Set<String> permitted = Set.of();
    private long permittedUntilMillis;
    private Consumer<UnitState> subscriber = _ -> {};

    /** Sees processes come and go. */
    interface Listener {
        void started(String unit, String text);

        /**
         * @param byItself whether neither the init nor its caller wanted it
         */
        void ended(String unit, boolean byItself);
    }

    SimulatedInit(Timepiece clock, Program program, Habits habits, Listener listener) {
        this.world = program.world();
        this.clock = clock;
        this.program = program;
        this.habits = habits;
        this.listener = listener;
    }

    void habits(Habits other) {
        habits = other;
    }

    Habits habits() {
        return habits;
    }

    /** Who hears of changes from now on, alone. */
    void subscribe(Consumer<UnitState> next) {
        subscriber = next;
    }

    private Task task(String unit) {
        return tasks.computeIfAbsent(unit, Task::new);
    }

    // Files

    /** Why it could not be written; empty when it could. */
    String write(String unit, String text) {
        if (world.chance(habits.writePermille())) {
            return "No space left on device";
        }
        task(unit).file = text;
        return "";
    }

    void remove(String unit) {
        task(unit).file = null;
    }

    Optional<String> read(String unit) {
        Task task = tasks.get(unit);
        return task == null ? Optional.empty() : Optional.ofNullable(task.file);
    }

    void reload() {
        for (Task task : List.copyOf(tasks.values())) {
            task.loaded = task.file;
            if (task.loaded == null && task.running == null) {
                tasks.remove(task.unit);
                task.end(JobResult.CANCELED);
                task.life++;
            }
        }
    }

    UnitState state(String unit) {
        Task task = tasks.get(unit);
        return task == null ? UnitState.notFound(unit) : task.state();
    }

    // Jobs

    /**
     * @param result of what was ordered; a job whose result is lost never tells
     */
    void job(JobVerb verb, String unit, Consumer<Optional<JobResult>> result) {
        Task task = task(unit);
        boolean lost = world.chance(habits.lostPermille());
        task.begin(lost ? _ -> {} : result);
        switch (verb) {
            case START -> start(task);
            case STOP -> stop(task, () -> task.end(JobResult.DONE));
            case RESTART -> stop(task, () -> start(task));
            default -> throw new IllegalArgumentException("no agent orders " + verb);
        }
    }

    private void start(Task task) {
        String text = task.loaded;
        if (text == null) {
            task.end(JobResult.NOT_LOADED);
        } else if (isForbidden(task.unit)) {
            task.end(JobResult.CANCELED);
        } else if (task.active.equals("active")) {
            task.end(JobResult.DONE);
        } else if (task.active.equals("deactivating")) {
            task.afterStop = () -> start(task);
        } else if (!task.active.equals("activating")) {
            task.running = text;
            task.process++;
            listener.started(task.unit, text);
            become(task, "activating");
            boolean fails = world.chance(habits.failPermille()) || text.contains(BAD);
            later(
                    task,
                    world.about(habits.startNanos()),
                    () -> {
                        if (fails) {
                            processEnds(task, "failed", true);
                            task.end(JobResult.FAILED);
                        } else {
                            become(task, "active");
                            task.end(JobResult.DONE);
                        }
                    });
        }
    }

    private void stop(Task task, Runnable then) {
        if (task.running == null) {
            if (!task.active.equals("inactive")) {
                become(task, "inactive");
            }
            then.run();
            return;
        }
        task.afterStop = then;
        if (task.active.equals("deactivating")) {
            return;
        }
        boolean hangs = world.chance(habits.hangPermille());
        become(task, "deactivating");
        later(
                task,
                hangs ? STOP_LIMIT_NANOS : world.about(habits.stopNanos()),
                () -> {
                    stopped(task);
                });
    }

    private void stopped(Task task) {
        processEnds(task, "inactive", false);
        task.afterStop.run();
    }

    /** Ends its processes without asking them. */
    void kill(String unit) {
        Task task = tasks.get(unit);
        if (task != null && task.running != null) {
            long process = task.process;
            program.after(
                    world.random().nextLong(KILL_NANOS),
                    "kill",
                    () -> {
                        if (process == task.process && task.running != null) {
                            if (task.active.equals("deactivating")) {
                                stopped(task);
                            } else {
                                processEnds(task, "failed", false);
                                task.end(JobResult.FAILED);
                            }
                        }
                    });
        }
    }

    /** Its processes end without anybody having asked. */
    void die(String unit) {
        Task task = tasks.get(unit);
        if (task != null && task.running != null) {
            processEnds(task, "failed", true);
            task.end(JobResult.FAILED);
        }
    }

    private void later(Task task, long nanos, Runnable what) {
        long life = task.life;
        program.after(
                nanos,
                "init",
                () -> {
                    if (life == task.life) {
                        what.run();
                    }
                });
    }

    private void become(Task task, String active) {
        task.active = active;
        task.life++;
        subscriber.accept(task.state());
    }

    private void processEnds(Task task, String active, boolean byItself) {
        task.running = null;
        listener.ended(task.unit, byItself);
        become(task, active);
    }

    // Who may run only for so long

    /** These are killed then, and not started after that, unless it is said again. */
    void permit(Set<String> units, long millis) {
        permitted = new TreeSet<>(units);
        permittedUntilMillis = clock.millis() + millis;
        long until = permittedUntilMillis;
        if (!units.isEmpty()) {
            program.after(
                    clock.nanosFor(millis),
                    "permit",
                    () -> {
                        if (until == permittedUntilMillis) {
                            endWhatMayNotRun();
                        }
                    });
        }
    }

    private void endWhatMayNotRun() {
        long rest = permittedUntilMillis - clock.millis();
        if (rest > 0) {
            permit(permitted, rest);
        } else {
            permitted.forEach(this::kill);
        }
    }

    private boolean isForbidden(String unit) {
        return permitted.contains(unit) && clock.millis() >= permittedUntilMillis;
    }

    // The machine

    /** Everything ends with it. */
    void powerFails() {
        for (Task task : List.copyOf(tasks.values())) {
            if (task.running != null) {
                task.running = null;
                listener.ended(task.unit, false);
            }
        }
    }

    /** What runs now, by unit. */
    Map<String, String> running() {
        Map<String, String> running = new TreeMap<>();
        for (Task task : tasks.values()) {
            String text = task.running;
            if (text != null) {
                running.put(task.unit, text);
            }
        }
        return running;
    }

    /** Units that have a file. */
    List<String> files() {
        List<String> files = new ArrayList<>();
        tasks.values()
                .forEach(task -> {
                    if (task.file != null) {
                        files.add(task.unit);
                    }
                });
        return files;
    }
}
