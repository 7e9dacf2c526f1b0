package flotilla.fleet.schedule;

import java.util.Set;

/** Units for tests, by what their [X-Fleet] section says. */
final class Tasks {
    private Tasks() {}

    static Task task(String name, String... options) {
        int at = name.indexOf('@');
        return new Task(
                name,
                at < 0 ? "" : name.substring(0, at),
                Requirements.of(name, "[X-Fleet]\n" + String.join("\n", options) + "\n")
                        .orElseThrow(),
                Set.of());
    }

    static Task placed(String name, String machine, String... options) {
        Task task = task(name, options);
        return new Task(name, task.family(), task.requirements(), Set.of(machine));
    }
}
