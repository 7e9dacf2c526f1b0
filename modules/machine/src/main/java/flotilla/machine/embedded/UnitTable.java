package flotilla.machine.embedded;

import flotilla.machine.UnitState;
import flotilla.machine.job.Dependencies;
import flotilla.machine.job.Units;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The units of a machine: all that have a file, and those that run on though theirs has gone. Only
 * for the owner's thread.
 */
final class UnitTable implements Units {
    private final UnitDirectories directories;
    private final UnitLoader loader;
    private final Consumer<UnitState> listener;
    private final Map<String, UnitRuntime> units = new TreeMap<>();

    /**
     * @param listener told of each unit that is loaded, loaded again or forgotten
     */
    UnitTable(Site site, Consumer<UnitState> listener) {
        this.directories = site.directories();
        this.loader = new UnitLoader(directories, site.config());
        this.listener = listener;
    }

    /** The unit of that name, loaded now if it was not; one without files is not kept. */
    UnitRuntime unit(String name) {
        UnitRuntime known = units.get(name);
        if (known == null) {
            known = new UnitRuntime(loader.load(name));
            if (!known.loaded.load().equals("not-found")) {
                units.put(name, known);
                listener.accept(known.state());
            }
        }
        return known;
    }

    List<UnitRuntime> all() {
        return List.copyOf(units.values());
    }

    /**
     * Reads all unit files again; a unit that runs goes on, by its new settings.
     *
     * @param hasJob whether a job waits for or runs on the unit of a name, so that it counts as
     *     running
     */
    void reload(Predicate<String> hasJob) throws IOException {
        for (String name : directories.names()) {
            units.computeIfAbsent(name, missing -> new UnitRuntime(loader.load(missing)));
        }
        for (UnitRuntime unit : all()) {
            boolean running = !unit.isOver() || hasJob.test(unit.name());
            replace(unit, loader.load(unit.name()), running);
        }
    }

    private void replace(UnitRuntime unit, LoadedUnit fresh, boolean running) {
        if (fresh.load().equals("not-found") && !running && !unit.state().isFailed()) {
            units.remove(unit.name());
            listener.accept(UnitState.notFound(unit.name()));
            return;
        }
        boolean runnable =
                fresh.isTarget() ? fresh.load().equals("loaded") : fresh.service().isPresent();
        if (running && !runnable) {
            unit.loaded = unit.loaded.outliving(fresh);
        } else {
            unit.remarked &= unit.loaded.file().equals(fresh.file());
            unit.loaded = fresh;
        }
        listener.accept(unit.state());
    }

    @Override
    public String load(String name) {
        return unit(name).loaded.load();
    }

    @Override
    public Dependencies dependencies(String name) {
        UnitRuntime known = units.get(name);
        return known == null ? Dependencies.NONE : known.loaded.dependencies();
    }

    @Override
    public boolean isUp(String name) {
        UnitRuntime known = units.get(name);
        return known != null && known.isUp();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(new TreeSet<>(units.keySet()));
    }
}
