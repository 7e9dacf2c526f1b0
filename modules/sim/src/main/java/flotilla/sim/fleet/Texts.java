package flotilla.sim.fleet;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.schedule.Requirements;
import flotilla.units.UnitFile;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Unit files as people write them, and what they ask for. */
final class Texts {
    /** Names of metadata, and its values. */
    static final String[] NAMES = {"disk", "zone"};

    static final String[] VALUES = {"a", "b"};

    private static final String GLOBAL = "Global=true\n";

    /** In the path of a program that fails whenever it is started. */
    private static final String BAD = "bad-";

    /** In the path of one whose check never answers well. */
    private static final String SICK = "sick-";

    /** Of what keeps to itself, or runs everywhere, a large fleet has about a tenth of that. */
    private static final int FEW = 50;

    /**
     * Of what names another unit it has so many for each way to do so: each is like no other unit,
     * for which the scheduler looks at each machine.
     */
    private static final int SOME = 5_000;

    /** What a unit asks for, of which there may be four times as much; in MiB. */
    private static final int MEMORY = 100;

    /** The same where there are many, so that about half of all the machines' is asked for. */
    private static final long MEMORY_IN_ALL = 800;

    private final RandomGenerator random;
    private final int units;
    private final int memory;
    private final Map<String, Optional<Requirements>> read = new HashMap<>();
    private long versions;

    /**
     * @param machines how many the units are for
     * @param units how many names there are
     */
    Texts(RandomGenerator random, int machines, int units) {
        this.random = random;
        this.units = units;
        this.memory =
                !FleetSimulation.isLarge(units)
                        ? MEMORY
                        : Math.clamp(MEMORY_IN_ALL * machines / units, 1, MEMORY);
    }

    /** Whether one more that others suffer from fits in. */
    private boolean isBearable(int count) {
        return !FleetSimulation.isLarge(units) || random.nextInt(units) < count;
    }

    /** What every third unit is an instance of. */
    static final String TEMPLATE = "w@.service";

    static boolean isInstance(String unit) {
        return unit.startsWith("w@");
    }

    /** A unit's name: every third is an instance of a template. */
    static String name(int number) {
        return number % 3 == 0 ? "w@%d.service".formatted(number) : "u%d.service".formatted(number);
    }

    String anyName() {
        return name(1 + random.nextInt(units));
    }

    /** Another text of a unit, one that can be honoured. */
    Entry.OfText draw(String unit) {
        while (true) {
            String text =
                    "[Service]\nExecStart=/bin/v%d\n[X-Fleet]\n%s".formatted(++versions, wants());
            String stored = UnitFile.parse(text).fleetText();
            if (requirements(unit, stored).isPresent()) {
                return new Entry.OfText(UnitFile.parse(stored).hash(), stored);
            }
        }
    }

    /**
     * A text for the units of a rollout's set; one of four is bad: its processes fail at once, or
     * are never healthy.
     *
     * @param global whether they are on all machines, or on one each
     */
    Entry.OfText drawForSet(String unit, boolean global) {
        while (true) {
            String bad =
                    switch (random.nextInt(8)) {
                        case 0 -> BAD;
                        case 1 -> SICK;
                        default -> "";
                    };
            String text =
                    "[Service]\nExecStart=/bin/%sv%d\n[X-Fleet]\n%s%s"
                            .formatted(
                                    bad,
                                    ++versions,
                                    (global ? GLOBAL : "") + wants(),
                                    random.nextBoolean() || !bad.isEmpty()
                                            ? "ExecHealth=/bin/%shealth\n".formatted(bad)
                                            : "");
            String stored = UnitFile.parse(text).fleetText();
            if (requirements(unit, stored).filter(wants -> wants.global() == global).isPresent()) {
                return new Entry.OfText(UnitFile.parse(stored).hash(), stored);
            }
        }
    }

    /** Whether no unit that is launched with it is ever healthy. */
    static boolean isBad(String text) {
        return text.contains("/bin/" + BAD) || text.contains("/bin/" + SICK);
    }

    private String wants() {
        StringBuilder wants = new StringBuilder();
        switch (random.nextInt(10)) {
            case 0 -> wants.append(naming("Conflicts"));
            case 1 -> wants.append(isBearable(FEW) ? "Conflicts=w@*.service\n" : "");
            case 2 -> wants.append(naming("MachineOf"));
            case 3 -> wants.append(isBearable(FEW) ? GLOBAL : "");
            case 4 -> wants.append(naming("Replaces"));
            default -> {}
        }
        if (random.nextInt(4) == 0) {
            wants.append("MachineMetadata=%s=%s%n".formatted(any(NAMES), any(VALUES)));
        }
        if (random.nextInt(4) == 0) {
            wants.append("Memory=%dM\n".formatted(memory * (1 + random.nextInt(4))));
        }
        switch (random.nextInt(4)) {
            case 0, 1 -> wants.append("OnLost=stop\n");
            case 2 -> wants.append("OnLost=keep\n");
            default -> {}
        }
        if (random.nextInt(4) == 0) {
            wants.append("Handover=start-first\n");
        }
        return wants.toString();
    }

    private String naming(String option) {
        return isBearable(SOME) ? "%s=%s%n".formatted(option, anyName()) : "";
    }

    String any(String... words) {
        return words[random.nextInt(words.length)];
    }

    /** Empty when it can't be honoured. */
    Optional<Requirements> requirements(String unit, String text) {
        return read.computeIfAbsent(unit + '\n' + text, _ -> Requirements.of(unit, text));
    }
}
