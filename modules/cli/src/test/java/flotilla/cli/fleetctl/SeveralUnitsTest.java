package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands that are given several units, of which some can't be had. */
@Timeout(60)
class SeveralUnitsTest {
    private static final String GOOD = "[Service]\nExecStart=/bin/sleep 9\n";
    private static final String BAD = GOOD + "[X-Fleet]\nGlobal=true\nMachineID=m1\n";

    @TempDir private Path directory = Path.of("");
    private final FakeFleet fleet = new FakeFleet();
    private final EndpointFinder finder = () -> Optional.of(fleet.endpoint());
    private final List<Exception> failures = new ArrayList<>();

    @AfterEach
    void stop() {
        fleet.close();
    }

    @Test
    void one_bad_file_keeps_no_good_one_back_and_each_bad_one_is_told_of() throws IOException {
        run(
                new Submit(finder),
                file("a.service", GOOD),
                file("bad.service", BAD),
                directory.resolve("nosuch.service").toString(),
                file("c.service", GOOD));

        assertThat(fleet.desired("a.service")).isEqualTo("inactive");
        assertThat(fleet.desired("c.service")).isEqualTo("inactive");
        assertThat(failures)
                .singleElement()
                .isInstanceOf(CommandFailure.class)
                .extracting(Exception::getMessage)
                .asString()
                .startsWith("2 of 4 units");
    }

    @Test
    void what_fleet_refuses_keeps_no_other_back() throws IOException {
        fleet.refuse("b.service", "no such luck");

        run(
                new Load(finder),
                file("a.service", GOOD),
                file("b.service", GOOD),
                file("c.service", GOOD));

        assertThat(fleet.desired("a.service")).isEqualTo("loaded");
        assertThat(fleet.desired("c.service")).isEqualTo("loaded");
        assertThat(failures).singleElement().isInstanceOf(CommandFailure.class);
    }

    @Test
    void a_single_bad_file_is_told_of_once() throws IOException {
        String bad = file("bad.service", BAD);

        run(new Submit(finder), bad);

        assertThat(failures)
                .singleElement()
                .extracting(Exception::getMessage)
                .asString()
                .startsWith(bad + ":");
    }

    @Test
    void a_name_that_is_no_units_is_wrong_usage_before_anything_is_done() throws IOException {
        run(new Submit(finder), file("a.service", GOOD), "@");

        assertThat(failures).singleElement().isInstanceOf(UsageFailure.class);
        assertThat(fleet.desired("a.service")).isEmpty();
    }

    @Test
    void to_stop_what_is_not_known_is_no_failure_and_stops_the_others() {
        fleet.unit("a.service", "launched", "launched");

        run(new Ending(Ending.Verb.STOP, finder), "nosuch", "a");

        assertThat(failures).isEmpty();
        assertThat(fleet.desired("a.service")).isEqualTo("loaded");
        run(new Ending(Ending.Verb.UNLOAD, finder), "nosuch");
        assertThat(failures).isEmpty();
    }

    private void run(Object command, String... arguments) {
        new CommandLine(command)
                .setExecutionExceptionHandler((e, line, result) -> {
                    failures.add(e);
                    return 1;
                })
                .execute(arguments);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }
}
