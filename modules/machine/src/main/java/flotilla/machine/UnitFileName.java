package flotilla.machine;

import flotilla.units.UnitName;
import java.io.IOException;
import java.util.Optional;

/** What a file may be called that {@link Init#write} puts into a directory of units. */
public final class UnitFileName {
    private static final String DROP_IN = "[A-Za-z0-9][A-Za-z0-9:_.@-]*\\.conf";

    private UnitFileName() {}

    /**
     * The name, if it is a unit's, or {@code UNIT.d/NAME.conf}: none leads out of the directory.
     *
     * @throws IOException when it is neither
     */
    public static String require(String name) throws IOException {
        int slash = name.indexOf('/');
        String unit = slash < 0 ? name : name.substring(0, slash);
        String rest = slash < 0 ? "" : name.substring(slash + 1);
        boolean dropIn = unit.endsWith(".d") && rest.matches(DROP_IN);
        if (slash >= 0 && !dropIn) {
            throw new IOException(name + " is neither a unit's name nor UNIT.d/NAME.conf");
        }
        Optional<String> problem =
                UnitName.problem(dropIn ? unit.substring(0, unit.length() - 2) : unit);
        if (problem.isPresent()) {
            throw new IOException("writing unit file " + name + ": " + problem.get());
        }
        return name;
    }
}
