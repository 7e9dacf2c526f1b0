package flotilla.sim;

import flotilla.sim.fleet.FleetSimulation;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * What {@code ./flotilla simulate} was asked for.
 *
 * @param fleet whether fleets are simulated, and not the store
 * @param seed the first
 * @param seeds how many, one after the other
 * @param size of each run of a fleet; its events are those of any run
 * @param story whether what happens is told
 */
record Options(boolean fleet, long seed, long seeds, FleetSimulation.Size size, boolean story) {
    static final String HELP =
            """
            Usage: flotilla simulate [--seed S] [--seeds K] [--events N]
                   flotilla simulate fleet [--machines N] [--units N] [--seed S] [--seeds K]
                                           [--events N] [--story]

            Runs whole clusters of the store in virtual time, with a network that loses, disks that
            tear and rot, machines that crash, stand still and err about the time, and members that
            come and go; or whole fleets, with engines, agents and inits, on a store that can't be
            reached or forgets, while people want things of them. After every event it is checked
            that what was promised holds. A run depends on its seed and size alone.

            In a fleet of more than 1,000 units most ask for little, so that they find a place, and
            what walks through everything (plans, and whether all is at rest) is looked at seldom.

                  --seed S      the first seed (default 1)
                  --seeds K     how many runs, one seed after the other (default 1)
                  --events N    how many events in each, before everything is mended (default 100000)
                  --machines N  of a fleet: how many (default: as the seed says, 2 to 6)
                  --units N     of a fleet: how many at most (default: as the seed says, 3 to 20)
                  --story       of a fleet: tell what happens, line by line
              -h, --help        show this

            Examples:
              flotilla simulate --seed 7 --events 100000
              flotilla simulate --seed 1 --seeds 1000 --events 20000
              flotilla simulate fleet --seed 1 --seeds 1000 --events 5000
              flotilla simulate fleet --machines 50 --units 500 --seed 3

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

    long events() {
        return size.events();
    }

    static Options parse(String... arguments) throws WrongUsage {
        boolean fleet = arguments.length > 0 && arguments[0].equals("fleet");
        List<String> rest = Arrays.asList(arguments).subList(fleet ? 1 : 0, arguments.length);
        Options options = new Options(fleet, 1, 1, new FleetSimulation.Size(0, 0, EVENTS), false);
        for (Iterator<String> words = rest.iterator(); words.hasNext(); ) {
            String word = words.next();
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (fleet && word.equals("--story")) {
                options = new Options(true, options.seed, options.seeds, options.size, true);
                continue;
            }
            String value =
                    equals >= 0 ? word.substring(equals + 1) : words.hasNext() ? words.next() : "";
            options = options.with(name, value);
        }
        return options;
    }

    private Options with(String name, String value) throws WrongUsage {
        if (!fleet && List.of("--machines", "--units").contains(name)) {
            throw new WrongUsage(name + " is of a fleet: flotilla simulate fleet " + name + " N");
        }
        return switch (name) {
            case "--seed" -> new Options(fleet, number(name, value), seeds, size, story);
            case "--seeds" -> new Options(fleet, seed, atLeastOne(name, value), size, story);
            case "--events" ->
                    with(
                            new FleetSimulation.Size(
                                    size.machines(), size.units(), atLeastOne(name, value)));
            case "--machines" ->
                    with(new FleetSimulation.Size(count(name, value), size.units(), size.events()));
            case "--units" ->
                    with(
                            new FleetSimulation.Size(
                                    size.machines(), count(name, value), size.events()));
            default ->
                    throw new WrongUsage(
                            "unknown option " + name + ": see flotilla simulate --help");
        };
    }

    private Options with(FleetSimulation.Size other) {
        return new Options(fleet, seed, seeds, other, story);
    }

    /** How one seed of this is seen again. */
    String again(long which) {
        return "./flotilla simulate %s--seed %d%s%s --events %d"
                .formatted(
                        fleet ? "fleet " : "",
                        which,
                        size.machines() > 0 ? " --machines " + size.machines() : "",
                        size.units() > 0 ? " --units " + size.units() : "",
                        size.events());
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

    private static int count(String name, String value) throws WrongUsage {
        return (int) Math.min(Integer.MAX_VALUE, atLeastOne(name, value));
    }
}
