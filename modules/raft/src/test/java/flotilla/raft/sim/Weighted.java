package flotilla.raft.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Things of which one is drawn at a time, each with its weight. */
final class Weighted {
    private record Choice(int weight, BooleanSupplier what) {}

    private final Random random;
    private final List<Choice> choices = new ArrayList<>();
    private int total;

    private Weighted(Random random) {
        this.random = random;
    }

    static Weighted of(Random random) {
        return new Weighted(random);
    }

    Weighted with(int weight, BooleanSupplier what) {
        choices.add(new Choice(weight, what));
        total += weight;
        return this;
    }

    BooleanSupplier draw() {
        int left = random.nextInt(total);
        for (Choice choice : choices) {
            left -= choice.weight;
            if (left < 0) {
                return choice.what;
            }
        }
        throw new IllegalStateException("weights add up to less than " + total);
    }
}
