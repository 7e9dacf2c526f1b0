package flotilla.units;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A unit's wishes to the scheduler: its [X-Fleet] section, under fleet's names and their legacy
 * spellings, with {@code %n %N %p %i} expanded.
 *
 * @param machineId full or 8-character machine id it must run on
 * @param machineOf units that must already sit on its machine; exact names, all of them
 * @param metadata for each key the values of which the machine must have one
 * @param conflicts globs of units it shares no machine with; either side's glob blocks
 * @param global runs on every machine that fits
 * @param replaces globs of units that give way to it
 * @param preferences what it would rather have
 * @param unknown option names nobody knows; a warning to the author, no error
 * @param problems combinations that can't be met; such a unit is refused
 */
public record FleetOptions(
        Optional<String> machineId,
        List<String> machineOf,
        Map<String, Set<String>> metadata,
        List<String> conflicts,
        boolean global,
        List<String> replaces,
        Preferences preferences,
        List<String> unknown,
        List<Problem> problems) {
    /**
     * Units and globs that one unit may name in {@code MachineOf=}, {@code Conflicts=}, {@code
     * Replaces=}, {@code PreferMachineOf=} and {@code AvoidMachineOf=} together. The original has
     * no limit; placing compares each with every unit.
     */
    public static final int NAMED_MAX = 256;

    private static final Set<String> TRUE = Set.of("true", "yes", "1", "on", "t");

    /** Read elsewhere: they are no wishes about the machine. */
    private static final Set<String> OWN =
            Set.of(
                    "Memory",
                    "CPU",
                    "Handover",
                    "OnLost",
                    "ExecHealth",
                    "HTTPHealth",
                    "TCPHealth",
                    "HealthInterval",
                    "HealthTimeout",
                    "Image");

    public FleetOptions {
        machineOf = List.copyOf(machineOf);
        metadata = Map.copyOf(metadata);
        conflicts = List.copyOf(conflicts);
        replaces = List.copyOf(replaces);
        unknown = List.copyOf(unknown);
        problems = List.copyOf(problems);
    }

    /**
     * An old name beside the new one of the same option: a list has the values of both, the old
     * one's first; of {@code MachineID} the new name wins (fleet's {@code job/job.go}).
     */
    public static FleetOptions of(UnitFile file, UnitName name) {
        Map<String, List<String>> given = given(file, Specifiers.fleet(name));
        FleetOptions read =
                new FleetOptions(
                        machineId(given),
                        take(given, "X-ConditionMachineOf", "MachineOf"),
                        metadata(take(given, "X-ConditionMachineMetadata", "MachineMetadata")),
                        fields(take(given, "X-Conflicts", "Conflicts")),
                        truthy(take(given, "Global")),
                        fields(take(given, "Replaces")),
                        preferences(given),
                        given.keySet().stream().filter(key -> !OWN.contains(key)).toList(),
                        List.of());
        return new FleetOptions(
                read.machineId,
                read.machineOf,
                read.metadata,
                read.conflicts,
                read.global,
                read.replaces,
                read.preferences,
                read.unknown,
                read.contradictions());
    }

    private static Map<String, List<String>> given(UnitFile file, Specifiers specifiers) {
        Map<String, List<String>> given = new LinkedHashMap<>();
        for (UnitOption option : file.options()) {
            if (option.section().equals("X-Fleet")) {
                List<String> values = given.computeIfAbsent(option.name(), _ -> new ArrayList<>());
                for (String value : quoted(option.value())) {
                    values.add(specifiers.expand(value));
                }
            }
        }
        return given;
    }

    private static Optional<String> machineId(Map<String, List<String>> given) {
        return Stream.of("MachineID", "X-ConditionMachineID", "X-ConditionMachineBootID")
                .map(key -> take(given, key))
                // All are taken, so that none is left as unknown.
                .toList()
                .stream()
                .filter(values -> !values.isEmpty())
                .findFirst()
                .map(List::getFirst)
                .filter(id -> !id.isEmpty());
    }

    private static Preferences preferences(Map<String, List<String>> given) {
        return new Preferences(
                last(given, "SpreadOver").filter(FleetOptions::isKey),
                fields(take(given, "AvoidMachineOf")),
                metadata(take(given, "AvoidMachineMetadata")),
                fields(take(given, "PreferMachineOf")),
                metadata(take(given, "PreferMachineMetadata")),
                last(given, "Placement")
                        .flatMap(PlacementPolicy::of)
                        .map(PlacementPolicy::isPacked));
    }

    private static Optional<String> last(Map<String, List<String>> given, String name) {
        List<String> values = take(given, name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast().strip());
    }

    /** Whether that could be a key of a machine's metadata. */
    private static boolean isKey(String text) {
        return !text.isEmpty() && text.chars().noneMatch(c -> c == '=' || c <= ' ');
    }

    /** fleet's refusals, in its words; the first two name the pair, the others the options. */
    private List<Problem> contradictions() {
        int hard = machineOf.size() + conflicts.size() + replaces.size();
        int soft = preferences.units().size() + preferences.avoidedUnits().size();
        if (hard + soft > NAMED_MAX) {
            String options =
                    soft == 0
                            ? "MachineOf, Conflicts and Replaces"
                            : "MachineOf, Conflicts, Replaces, PreferMachineOf and AvoidMachineOf";
            return List.of(
                    new Problem(
                            0,
                            0,
                            "%s name %d units and globs, at most %d are taken"
                                    .formatted(options, hard + soft, NAMED_MAX)));
        }
        List<Problem> found = new ArrayList<>();
        for (String peer : machineOf) {
            clash(found, peer, "conflict", conflicts);
            clash(found, peer, "replace", replaces);
        }
        boolean pinned = machineId.isPresent();
        refuse(found, pinned && !machineOf.isEmpty(), "MachineID cannot be used with MachineOf");
        refuse(found, pinned && !conflicts.isEmpty(), "MachineID cannot be used with Conflicts");
        refuse(found, pinned && global, "MachineID cannot be used with Global");
        refuse(found, pinned && !replaces.isEmpty(), "MachineID cannot be used with Replaces");
        refuse(found, global && !machineOf.isEmpty(), "Global cannot be used with MachineOf");
        refuse(found, global && !replaces.isEmpty(), "Global cannot be used with Replaces");
        refuse(
                found,
                !conflicts.isEmpty() && !replaces.isEmpty(),
                "Conflicts cannot be used with Replaces");
        return found;
    }

    private static void clash(List<Problem> found, String peer, String what, List<String> globs) {
        for (String glob : globs) {
            refuse(
                    found,
                    Glob.matches(glob, peer),
                    "unresolvable requirements: peer \"%s\" matches %s \"%s\""
                            .formatted(peer, what, glob));
        }
    }

    private static void refuse(List<Problem> found, boolean clash, String message) {
        if (clash) {
            found.add(new Problem(0, 0, message));
        }
    }

    private static List<String> take(Map<String, List<String>> given, String... names) {
        List<String> values = new ArrayList<>();
        for (String name : names) {
            List<String> there = given.remove(name);
            values.addAll(there == null ? List.of() : there);
        }
        return values;
    }

    /** The last value decides; an empty list is false. */
    private static boolean truthy(List<String> values) {
        return !values.isEmpty() && TRUE.contains(values.getLast().toLowerCase(Locale.ROOT));
    }

    private static List<String> fields(List<String> values) {
        return values.stream()
                .flatMap(value -> java.util.Arrays.stream(value.strip().split("\\s+")))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** A value without exactly one {@code =} says nothing and is passed over, as fleet does. */
    private static Map<String, Set<String>> metadata(List<String> values) {
        Map<String, Set<String>> wanted = new LinkedHashMap<>();
        for (String value : values) {
            String[] pair = value.split("=", -1);
            if (pair.length == 2 && !pair[0].isBlank() && !pair[1].isBlank()) {
                wanted.computeIfAbsent(pair[0].strip(), _ -> new LinkedHashSet<>())
                        .add(pair[1].strip());
            }
        }
        wanted.replaceAll((_, any) -> Set.copyOf(any));
        return wanted;
    }

    /** {@code "a=b" "c=d"}: several values only if the line starts and ends with a quote. */
    private static List<String> quoted(String line) {
        if (line.length() < 2 || !line.startsWith("\"") || !line.endsWith("\"")) {
            return List.of(line);
        }
        String[] pieces = line.split("\"", -1);
        List<String> values = new ArrayList<>();
        for (int i = 1; i < pieces.length; i += 2) {
            values.add(pieces[i]);
        }
        return values;
    }
}
