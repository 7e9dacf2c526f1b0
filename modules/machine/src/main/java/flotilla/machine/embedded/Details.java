package flotilla.machine.embedded;

import flotilla.machine.UnitDetail;
import flotilla.machine.UnitState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** All about a unit that this init knows: of what its processes use, how many there are. */
final class Details {
    private Details() {}

    static UnitDetail of(UnitRuntime unit, int processes, Optional<Path> file) {
        return new UnitDetail(
                unit.state(),
                unit.invocationId,
                needsReload(unit.loaded, file),
                OptionalLong.empty(),
                OptionalLong.empty(),
                unit.isOver() ? OptionalLong.empty() : OptionalLong.of(processes));
    }

    static UnitDetail unknown(String name) {
        OptionalLong none = OptionalLong.empty();
        return new UnitDetail(UnitState.notFound(name), "", false, none, none, none);
    }

    private static boolean needsReload(LoadedUnit loaded, Optional<Path> file) {
        if (!file.equals(loaded.path())) {
            return true;
        }
        try {
            return file.isPresent()
                    && loaded.load().equals("loaded")
                    && !SmallFile.read(file.get()).equals(loaded.file().text());
        } catch (IOException e) {
            return true;
        }
    }
}
