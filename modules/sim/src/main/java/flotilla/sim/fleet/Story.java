package flotilla.sim.fleet;

import flotilla.sim.world.World;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happens in a run, for whoever wants to read how it came to its end. */
final class Story {
    private final World world;
    private final @Nullable Consumer<String> reader;

    /**
     * @param reader of each line; null when nobody reads it
     */
    Story(World world, @Nullable Consumer<String> reader) {
        this.world = world;
        this.reader = reader;
    }

    void tell(String who, Object what) {
        if (reader != null) {
            reader.accept(String.format(Locale.ROOT, "%10.3f %s %s", world.now() / 1e9, who, what));
        }
    }
}
