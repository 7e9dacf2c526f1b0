package flotilla.machine.embedded;

import flotilla.machine.UnitState;
import flotilla.machine.job.Dependencies;
import flotilla.machine.job.Units;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final long lengthMax;

    /** Of all units that are loaded. */
    private long length;

    /** By unit, those that are bound to it; looked up again when a unit is another one. */
    private Optional<Map<String, List<UnitRuntime>>> bound = Optional.empty();

    /**
     * @param listener told of each unit that is loaded, loaded again or forgotten
     */
    UnitTable(Site site, Consumer<UnitState> listener) {
        this.directories = site.directories();
        this.loader = new UnitLoader(directories, site.config());
        this.listener = listener;
        this.lengthMax = site.config().unitBytes();
    }

    /** The unit of that name, loaded now if it was not; one without files is not kept. */
    UnitRuntime unit(String name) {
        UnitRuntime known = units.get(name);
        if (known == null) {
            known = new UnitRuntime(fresh(name, 0));
            if (!known.loaded.load().equals("not-found")) {
                add(known);
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
            if (!units.containsKey(name)) {
                add(new UnitRuntime(fresh(name, 0)));
            }
        }
        for (UnitRuntime unit : all()) {
            boolean running = !unit.isOver() || hasJob.test(unit.name());
            replace(unit, fresh(unit.name(), unit.loaded.length()), running);
        }
    }

    /** The units that go down with it (systemd.unit(5), BindsTo=). */
    List<UnitRuntime> boundTo(String name) {
        if (bound.isEmpty()) {
            Map<String, List<UnitRuntime>> all = new HashMap<>();
            for (UnitRuntime unit : units.values()) {
                for (String other : unit.loaded.dependencies().bindsTo()) {
                    all.computeIfAbsent(other, _ -> new ArrayList<>()).add(unit);
                }
            }
            bound = Optional.of(all);
        }
        return bound.get().getOrDefault(name, List.of());
    }

    private void add(UnitRuntime unit) {
        bound = Optional.empty();
        units.put(unit.name(), unit);
        length += unit.loaded.length();
    }

    /**
     * A unit as its files are now, if there is room for it.
     *
     * @param instead the length of what it replaces
     */
    private LoadedUnit fresh(String name, long instead) {
        LoadedUnit fresh = loader.load(name);
        boolean fits = length - instead + fresh.length() <= lengthMax;
        return fits ? fresh : loader.tooLong(name, fresh.path());
    }

    private void replace(UnitRuntime unit, LoadedUnit fresh, boolean running) {
        bound = Optional.empty();
        if (fresh.load().equals("not-found") && !running && !unit.state().isFailed()) {
            units.remove(unit.name());
            length -= unit.loaded.length();
            listener.accept(UnitState.notFound(unit.name()));
            return;
        }
        boolean runnable =
                fresh.isTarget() ? fresh.load().equals("loaded") : fresh.service().isPresent();
        length -= unit.loaded.length();
        if (running && !runnable) {
            unit.loaded = unit.loaded.outliving(fresh);
        } else {
            unit.remarked &= unit.loaded.file().equals(fresh.file());
            unit.loaded = fresh;
        }
        length += unit.loaded.length();
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
