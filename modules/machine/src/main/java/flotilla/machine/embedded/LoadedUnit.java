package flotilla.machine.embedded;

import flotilla.machine.job.Dependencies;
import flotilla.machine.service.ServiceConfig;
import flotilla.units.Specifiers;
import flotilla.units.UnitFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A unit as its files say, at the last reload.
 *
 * @param load as in {@link flotilla.machine.UnitState#load}
 * @param path empty for a unit without a file, such as {@code network.target}
 * @param service present for a service that can be run
 * @param remarks what in it is not honoured, unknown or wrong; for people
 */
record LoadedUnit(
        String name,
        String load,
        Optional<Path> path,
        UnitFile file,
        Specifiers specifiers,
        Dependencies dependencies,
        Optional<ServiceConfig> service,
        List<String> remarks) {
    LoadedUnit {
        remarks = List.copyOf(remarks);
    }

    /** What it takes up of memory at most, in characters. */
    long length() {
        return specifiers.lengthMax(file.text());
    }

    boolean isTarget() {
        return name.endsWith(".target");
    }

    /** This unit going on by what it was started with: its file has gone or gone bad. */
    LoadedUnit outliving(LoadedUnit fresh) {
        return new LoadedUnit(
                name, fresh.load, path, file, specifiers, dependencies, service, fresh.remarks);
    }

    String description() {
        return file.option("Unit", "Description").map(specifiers::expand).orElse(name);
    }
}
