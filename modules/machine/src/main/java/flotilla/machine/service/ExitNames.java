package flotilla.machine.service;

import java.util.Map;
import java.util.OptionalInt;

/**
 * Names of exit codes, as SuccessExitStatus= takes them (systemd.exec(5), "Process Exit Codes").
 */
final class ExitNames {
    private static final int LAST = 255;

    private static final Map<String, Integer> CODES =
            Map.ofEntries(
                    Map.entry("SUCCESS", 0),
                    Map.entry("FAILURE", 1),
                    Map.entry("INVALIDARGUMENT", 2),
                    Map.entry("NOTIMPLEMENTED", 3),
                    Map.entry("NOPERMISSION", 4),
                    Map.entry("NOTINSTALLED", 5),
                    Map.entry("NOTCONFIGURED", 6),
                    Map.entry("NOTRUNNING", 7),
                    Map.entry("USAGE", 64),
                    Map.entry("DATAERR", 65),
                    Map.entry("NOINPUT", 66),
                    Map.entry("NOUSER", 67),
                    Map.entry("NOHOST", 68),
                    Map.entry("UNAVAILABLE", 69),
                    Map.entry("SOFTWARE", 70),
                    Map.entry("OSERR", 71),
                    Map.entry("OSFILE", 72),
                    Map.entry("CANTCREAT", 73),
                    Map.entry("IOERR", 74),
                    Map.entry("TEMPFAIL", 75),
                    Map.entry("PROTOCOL", 76),
                    Map.entry("NOPERM", 77),
                    Map.entry("CONFIG", 78),
                    Map.entry("CHDIR", Exit.CHDIR),
                    Map.entry("EXEC", Exit.EXEC),
                    Map.entry("USER", Exit.USER));

    private ExitNames() {}

    /** By name, or a number up to 255. */
    static OptionalInt code(String word) {
        if (word.matches("[0-9]{1,3}")) {
            int code = Integer.parseInt(word);
            return code <= LAST ? OptionalInt.of(code) : OptionalInt.empty();
        }
        Integer named = CODES.get(word);
        return named == null ? OptionalInt.empty() : OptionalInt.of(named);
    }
}
