package flotilla.fleet.api;

import flotilla.platform.json.JsonObject;
import flotilla.units.UnitFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of a unit file, as the API carries it. */
public record UnitOption(@Nullable String section, @Nullable String name, @Nullable String value) {
    Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("section", section);
        fields.put("name", name);
        fields.put("value", value);
        return fields;
    }

    static UnitOption read(JsonObject json) {
        return new UnitOption(json.text("section"), json.text("name"), json.text("value"));
    }

    public static List<UnitOption> of(UnitFile file) {
        return file.options().stream()
                .map(line -> new UnitOption(line.section(), line.name(), line.raw()))
                .toList();
    }

    /** As a unit file keeps them: those of one section together. */
    static List<UnitOption> bySection(UnitFile file) {
        Map<String, List<UnitOption>> sections = new LinkedHashMap<>();
        for (flotilla.units.UnitOption line : file.options()) {
            sections.computeIfAbsent(line.section(), _ -> new ArrayList<>())
                    .add(new UnitOption(line.section(), line.name(), line.raw()));
        }
        return sections.values().stream().flatMap(List::stream).toList();
    }

    /** The unit file that such lines make. Throws IllegalArgumentException for a nameless one. */
    public static UnitFile file(List<UnitOption> options) {
        List<flotilla.units.UnitOption> lines = new ArrayList<>(options.size());
        for (@Nullable UnitOption option : options) {
            if (option == null) {
                throw new IllegalArgumentException("an option is null");
            }
            lines.add(option.line());
        }
        return UnitFile.of(lines);
    }

    private flotilla.units.UnitOption line() {
        if (section == null || section.isBlank() || name == null || name.isBlank()) {
            throw new IllegalArgumentException(
                    "an option needs a section and a name, got [" + section + "] " + name);
        }
        if (hasControl(section) || hasControl(name)) {
            throw new IllegalArgumentException("a control character in a section or a name");
        }
        return flotilla.units.UnitOption.of(section, name, value == null ? "" : value);
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
