package flotilla.fleet.schedule;

import flotilla.fleet.job.ImageName;
import flotilla.units.Specifiers;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The images that a unit's machine gets for it before it starts.
 *
 * @param named by {@code Image=} in [X-Fleet]: the cluster must have them
 * @param used by the command lines alone: got if the cluster has them, and else the engine's own
 *     business, as it ever was
 */
public record ImageWishes(Set<String> named, Set<String> used) {
    static final String IMAGE = "Image";

    public static final ImageWishes NONE = new ImageWishes(Set.of(), Set.of());

    private static final List<String> COMMANDS =
            List.of("ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload");

    public ImageWishes {
        named = Set.copyOf(named);
        used = Set.copyOf(used);
    }

    /** None of a unit whose name is none. */
    public static ImageWishes of(String unit, String text) {
        boolean none = !text.contains("docker") && !text.contains(IMAGE);
        if (none || UnitName.problem(unit).isPresent()) {
            return NONE;
        }
        UnitFile file = UnitFile.parse(text);
        Specifiers specifiers = Specifiers.fleet(new UnitName(unit));
        Set<String> named =
                names(
                        file.values("X-Fleet", IMAGE).stream()
                                .flatMap(line -> Stream.of(line.strip().split("\\s+")))
                                .map(specifiers::expand));
        Set<String> used =
                names(
                        COMMANDS.stream()
                                .flatMap(command -> file.values("Service", command).stream())
                                .flatMap(line -> ContainerCommand.images(line).stream())
                                .map(specifiers::expand));
        used.removeAll(named);
        return new ImageWishes(named, used);
    }

    private static Set<String> names(Stream<String> words) {
        Set<String> names = new TreeSet<>();
        words.flatMap(word -> ImageName.read(word).stream())
                .forEach(name -> names.add(name.full()));
        return names;
    }

    public boolean isEmpty() {
        return named.isEmpty() && used.isEmpty();
    }

    /** Whether a value of {@code Image=} could be one or several, whatever the instance. */
    static boolean reads(String value) {
        return Stream.of(value.strip().split("\\s+"))
                .allMatch(word -> ImageName.read(word.replaceAll("%[nNpi]", "x")).isPresent());
    }
}
