package flotilla.machine.service;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** Signal numbers by name, as Linux has them on every architecture Java runs on but MIPS. */
public final class Signals {
    public static final int HUP = 1;
    public static final int INT = 2;
    public static final int ABRT = 6;
    public static final int KILL = 9;
    public static final int PIPE = 13;
    public static final int TERM = 15;
    public static final int CONT = 18;

    /** The highest real-time signal. */
    private static final int LAST = 64;

    private static final Map<String, Integer> NUMBERS =
            Map.ofEntries(
                    Map.entry("HUP", HUP),
                    Map.entry("INT", INT),
                    Map.entry("QUIT", 3),
                    Map.entry("ABRT", ABRT),
                    Map.entry("KILL", KILL),
                    Map.entry("USR1", 10),
                    Map.entry("SEGV", 11),
                    Map.entry("USR2", 12),
                    Map.entry("PIPE", PIPE),
                    Map.entry("ALRM", 14),
                    Map.entry("TERM", TERM),
                    Map.entry("CONT", CONT),
                    Map.entry("STOP", 19),
                    Map.entry("WINCH", 28));

    private Signals() {}

    /** By {@code SIGTERM}, {@code TERM} or {@code 15}. */
    public static OptionalInt number(String name) {
        String bare = name.strip().toUpperCase(Locale.ROOT);
        if (bare.matches("[0-9]{1,2}")) {
            int number = Integer.parseInt(bare);
            return number > 0 && number <= LAST ? OptionalInt.of(number) : OptionalInt.empty();
        }
        Integer number = NUMBERS.get(bare.startsWith("SIG") ? bare.substring(3) : bare);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    public static String name(int number) {
        return NUMBERS.entrySet().stream()
                .filter(entry -> entry.getValue() == number)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(String.valueOf(number));
    }
}
