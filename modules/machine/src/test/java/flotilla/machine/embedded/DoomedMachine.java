package flotilla.machine.embedded;

import flotilla.machine.Init.JobVerb;
import flotilla.machine.Init.UnitDirectory;
import flotilla.platform.memory.MemoryBudget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** The process of a machine that is going to be killed: it runs the units of a directory. */
final class DoomedMachine {
    /** The unit that is permitted to run for so long when it is asked for. */
    static final String GUARDED = "guarded.service";

    static final char PERMIT = 'p';

    private static final Duration PERMITTED = Duration.ofSeconds(2);

    private DoomedMachine() {}

    /**
     * Says {@code up} when all units are. For each byte that it is given it says how they are, and
     * then {@code looked}.
     *
     * @param arguments the machine's root and id, and the directory of its units
     */
    public static void main(String[] arguments) throws Exception {
        EmbeddedInit init =
                EmbeddedInit.open(
                        new InitConfig(
                                Path.of(arguments[0]),
                                "doomed",
                                arguments[1],
                                "boot-1",
                                Map.of(),
                                Map.of(),
                                new MemoryBudget(Machine.HEAP_BYTES)));
        Map<String, String> units = new TreeMap<>();
        try (var files = Files.list(Path.of(arguments[2]))) {
            for (Path file : files.toList()) {
                units.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        for (Map.Entry<String, String> unit : units.entrySet()) {
            init.write(UnitDirectory.RUNTIME, unit.getKey(), unit.getValue());
        }
        init.reload().join();
        for (String unit : units.keySet()) {
            init.job(JobVerb.START, unit).get();
        }
        System.out.println("up");
        while (true) {
            // Who looks at the processes tells the reaper.
            units.keySet().forEach(init::status);
            int command = System.in.read();
            if (command < 0) {
                new CountDownLatch(1).await();
            } else if (command == PERMIT) {
                init.permit(Set.of(GUARDED), PERMITTED);
            }
            init.states(units.keySet())
                    .values()
                    .forEach(state -> System.out.println(state.name() + " " + state.active()));
            System.out.println("looked");
        }
    }
}
