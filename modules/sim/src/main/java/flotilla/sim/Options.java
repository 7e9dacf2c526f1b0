package flotilla.sim;

import java.util.Arrays;
import java.util.Iterator;

/**
 * What {@code ./flotilla simulate} was asked for.
 *
 * @param seed the first
 * @param seeds how many, one after the other
 * @param events of each run, before everything is mended
 */
record Options(long seed, long seeds, long events) {
    static final String HELP =
            """
            Usage: flotilla simulate [--seed S] [--seeds K] [--events N]

            Runs whole clusters of the store in virtual time, with a network that loses, disks that
            tear and rot, machines that crash, stand still and err about the time, and members that
            come and go; and checks after every event that what was promised holds. A run depends on
            its seed and length alone.

                  --seed S      the first seed (default 1)
                  --seeds K     how many runs, one seed after the other (default 1)
                  --events N    how many events in each, before everything is mended (default 100000)
              -h, --help        show this

            Examples:
              flotilla simulate --seed 7 --events 100000
              flotilla simulate --seed 1 --seeds 1000 --events 20000

            Exit codes: 0 every promise held, 1 one was broken, 2 wrong usage.
            """;

    private static final long EVENTS = 100_000;

    /** Was not understood. */
    static final class WrongUsage extends Exception {
        private static final long serialVersionUID = 1;

        WrongUsage(String message) {
            super(message);
        }
    }

    static boolean asksForHelp(String... arguments) {
        return Arrays.stream(arguments)
                .anyMatch(each -> each.equals("--help") || each.equals("-h"));
    }

    static Options parse(String... arguments) throws WrongUsage {
        Options options = new Options(1, 1, EVENTS);
        for (Iterator<String> words = Arrays.asList(arguments).iterator(); words.hasNext(); ) {
            String word = words.next();
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            String value =
                    equals >= 0 ? word.substring(equals + 1) : words.hasNext() ? words.next() : "";
            options =
                    switch (name) {
                        case "--seed" ->
                                new Options(number(name, value), options.seeds, options.events);
                        case "--seeds" ->
                                new Options(options.seed, atLeastOne(name, value), options.events);
                        case "--events" ->
                                new Options(options.seed, options.seeds, atLeastOne(name, value));
                        default ->
                                throw new WrongUsage(
                                        "unknown option "
                                                + word
                                                + ": see flotilla simulate --help");
                    };
        }
        return options;
    }

    private static long number(String name, String value) throws WrongUsage {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new WrongUsage(name + " takes a whole number, not \"" + value + "\"");
        }
    }

    private static long atLeastOne(String name, String value) throws WrongUsage {
        long number = number(name, value);
        if (number < 1) {
            throw new WrongUsage(name + " takes a number from 1, not " + number);
        }
        return number;
    }
}
