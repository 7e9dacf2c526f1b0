package flotilla.fleet.api;

import flotilla.units.UnitFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of a unit file, as the API carries it. */
public record UnitOption(@Nullable String section, @Nullable String name, @Nullable String value) {
    public static List<UnitOption> of(UnitFile file) {
        return file.options().stream()
                .map(line -> new UnitOption(line.section(), line.name(), line.raw()))
                .toList();
    }

    /** The unit file that such lines make. Throws IllegalArgumentException for a nameless one. */
    public static UnitFile file(List<UnitOption> options) {
        return UnitFile.of(options.stream().map(UnitOption::line).toList());
    }

    private flotilla.units.UnitOption line() {
        if (section == null || section.isBlank() || name == null || name.isBlank()) {
            throw new IllegalArgumentException(
                    "an option needs a section and a name, got [" + section + "] " + name);
        }
        return flotilla.units.UnitOption.of(section, name, value == null ? "" : value);
    }
}
