package flotilla.sim.fleet.keeper;

import flotilla.sim.world.World;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One machine's way to the store. What is asked on it is done or not, and the answer comes or not:
 * who has none when its patience ends knows nothing, and it may be done even later.
 */
public final class Way {
    /** How much later than that, typically. */
    private static final long LATE_NANOS = 3_000_000_000L;

    /** Nothing arrives later than that. */
    private static final long LATE_MAX_NANOS = 10_000_000_000L;

    /** How often a question that the store can't take now is brought again. */
    private static final long KNOCK_NANOS = 300_000_000;

    private final World world;
    private final Keeper keeper;
    private Weather weather;
    private boolean outCut;
    private boolean inCut;
    private int slowness = 1;

    public Way(World world, Keeper keeper, Weather weather) {
        this.world = world;
        this.keeper = keeper;
        this.weather = weather;
    }

    Keeper keeper() {
        return keeper;
    }

    World world() {
        return world;
    }

    public void weather(Weather other) {
        weather = other;
    }

    /** How many times longer than usual everything takes. */
    public void slowness(int times) {
        slowness = times;
    }

    /**
     * @param out whether nothing gets to the store
     * @param in whether nothing comes from it
     */
    public void cut(boolean out, boolean in) {
        outCut = out;
        inCut = in;
    }

    public void join() {
        cut(false, false);
    }

    boolean isInCut() {
        return inCut || keeper.isAway();
    }

    long delay() {
        return world.about(weather.delayNanos()) * slowness;
    }

    long lag() {
        return world.about(weather.lagNanos()) * slowness;
    }

    /**
     * Somebody's question until it is answered, or nobody waits any more. What was asked and who
     * waited is forgotten by then, as the end of their patience comes much later.
     */
    private static final class Call<T> {
        private @Nullable Supplier<T> question;
        private @Nullable Consumer<Optional<T>> answer;

        Call(Supplier<T> question, Consumer<Optional<T>> answer) {
            this.question = question;
            this.answer = answer;
        }

        /** Has the store do what was asked, once. */
        T put() {
            T result = Objects.requireNonNull(question, "asked once").get();
            question = null;
            return result;
        }

        void end(Optional<T> with) {
            Consumer<Optional<T>> waiting = answer;
            if (waiting != null) {
                answer = null;
                waiting.accept(with);
            }
        }
    }

    /**
     * @param question what the store is to do
     * @param answer what came of it; empty when nobody knows
     */
    public <T> void ask(Supplier<T> question, long patienceNanos, Consumer<Optional<T>> answer) {
        Call<T> call = new Call<>(question, answer);
        world.after(patienceNanos, "patience ends", () -> call.end(Optional.empty()));
        world.after(delay(), "asked", () -> arrive(call));
    }

    private <T> void arrive(Call<T> call) {
        if (outCut || world.chance(weather.lostPermille())) {
            if (world.chance(weather.latePermille())) {
                long late = Math.min(LATE_MAX_NANOS, world.about(LATE_NANOS));
                world.after(late, "asked late", () -> arrive(call));
            }
        } else if (keeper.isAway()) {
            if (world.random().nextBoolean()) {
                world.after(KNOCK_NANOS, "asked again", () -> arrive(call));
            } else {
                call.end(Optional.empty());
            }
        } else {
            T result = call.put();
            world.after(
                    delay(),
                    "answered",
                    () -> {
                        if (!inCut && !world.chance(weather.lostPermille())) {
                            call.end(Optional.of(result));
                        }
                    });
        }
    }
}
