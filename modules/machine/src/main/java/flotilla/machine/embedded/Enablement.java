package flotilla.machine.embedded;

import flotilla.machine.Init.UnitDirectory;
import flotilla.units.Specifiers;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Makes the links that a unit's [Install] section asks for (systemd.unit(5)). */
final class Enablement {
    private final UnitDirectories directories;

    Enablement(UnitDirectories directories) {
        this.directories = directories;
    }

    /** Enables a unit, and those it names by Also=. */
    void enable(String name, UnitDirectory directory) throws IOException {
        UnitName unit = checked(name);
        Path file =
                directories
                        .find(name)
                        .orElseThrow(() -> new IOException("enabling " + name + ": no such unit"));
        UnitFile text = UnitFile.parse(SmallFile.read(file));
        Specifiers specifiers = Specifiers.fleet(unit);
        Path base = directories.directory(directory);
        for (String target : names(text, specifiers, "WantedBy")) {
            directories.link(base.resolve(target + ".wants").resolve(name), file);
        }
        for (String target : names(text, specifiers, "RequiredBy")) {
            directories.link(base.resolve(target + ".requires").resolve(name), file);
        }
        for (String alias : names(text, specifiers, "Alias")) {
            directories.link(base.resolve(alias), file);
        }
        for (String other : names(text, specifiers, "Also")) {
            if (!other.equals(name) && !directories.isEnabled(other)) {
                enable(other, directory);
            }
        }
    }

    private static List<String> names(UnitFile file, Specifiers specifiers, String option)
            throws IOException {
        List<String> names =
                file.values("Install", option).stream()
                        .flatMap(line -> Stream.of(line.strip().split("\\s+")))
                        .map(specifiers::expand)
                        .toList();
        for (String name : names) {
            checked(name);
        }
        return names;
    }

    private static UnitName checked(String name) throws IOException {
        try {
            return new UnitName(name);
        } catch (IllegalArgumentException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        }
    }
}
