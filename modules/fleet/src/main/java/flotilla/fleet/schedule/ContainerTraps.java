package flotilla.fleet.schedule;

import flotilla.fleet.schedule.ContainerCommand.Container;
import flotilla.units.Problem;
import flotilla.units.UnitFile;
import flotilla.units.UnitOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What units that run containers by Docker's client are known to get wrong: there systemd watches
 * the client, and not the container. Each in words of what to write instead; docs/operate/images.md
 * has the reasons.
 */
final class ContainerTraps {
    private static final String SECTION = "Service";
    private static final String START = "ExecStart";
    private static final String BEFORE = "ExecStartPre";

    private static final Pattern REMOVES = Pattern.compile("\\bdocker (container )?rm\\b");
    private static final Pattern ENDS = Pattern.compile("\\bdocker (container )?(rm|kill)\\b");
    private static final Pattern PULLS = Pattern.compile("\\bdocker (image )?pull\\b");

    private final UnitFile file;
    private final List<Problem> traps = new ArrayList<>();

    private ContainerTraps(UnitFile file) {
        this.file = file;
    }

    /** At their lines; none for a unit that is to run once. */
    static List<Problem> of(UnitFile file) {
        ContainerTraps found = new ContainerTraps(file);
        if (!"oneshot".equals(file.option(SECTION, "Type").orElse(""))) {
            file.all(SECTION, START).forEach(found::start);
            file.all(SECTION, BEFORE).forEach(found::before);
        }
        return found.traps;
    }

    private void start(UnitOption line) {
        for (Container container : ContainerCommand.containers(line.value())) {
            if (container.engine().equals("docker") && container.verb().equals("run")) {
                start(line, container);
            }
        }
    }

    private void start(UnitOption line, Container container) {
        if (container.has("--detach", "-d")) {
            tell(line, "docker run -d ends at once, and systemd watches nothing: leave out -d");
        }
        if (container.values("--restart").stream().anyMatch(policy -> !policy.equals("no"))) {
            tell(
                    line,
                    "--restart has Docker start again what systemd stopped: Restart= in [Service] instead");
        }
        Optional<String> name = container.values("--name").stream().findFirst();
        Pattern frees = container.has("--rm") ? ENDS : REMOVES;
        if (name.isPresent() && !any(BEFORE, frees)) {
            tell(
                    line,
                    "a client that was killed leaves container %s, and its name is taken: ExecStartPre=-/usr/bin/docker rm -f %s"
                            .formatted(name.get(), name.get()));
        }
        if (file.values(SECTION, "ExecStop").isEmpty()) {
            tell(
                    line,
                    "a container that does not end on TERM outlives the unit: ExecStop=/usr/bin/docker stop -t 5 %s"
                            .formatted(name.orElse("NAME, and --name NAME")));
        }
    }

    private void before(UnitOption line) {
        boolean limited =
                file.option(SECTION, "TimeoutStartSec").isPresent()
                        || file.option(SECTION, "TimeoutSec").isPresent();
        if (PULLS.matcher(line.value()).find() && !limited) {
            tell(
                    line,
                    "a pull counts for the start, which has 90 s: TimeoutStartSec=0, or flotilla image push");
        }
    }

    private boolean any(String name, Pattern pattern) {
        return file.values(SECTION, name).stream().anyMatch(line -> pattern.matcher(line).find());
    }

    private void tell(UnitOption line, String words) {
        String message = line.name() + ": " + words;
        traps.add(
                line.line() == 0
                        ? new Problem(0, 0, message)
                        : new Problem(line.line(), 1, message));
    }
}
