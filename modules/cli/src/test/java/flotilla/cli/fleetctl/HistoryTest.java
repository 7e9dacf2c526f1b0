package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What history and events print. */
@Timeout(60)
class HistoryTest {
    private static final String SUBMITTED =
            """
            {"time":"2014-07-14T12:00:00Z","what":"submitted","unit":"a.service",\
            "desiredState":"launched","generation":1,"user":"ann","askedMachineID":"m1"}\
            """;
    private static final String MOVED =
            """
            {"time":"2014-07-14T12:05:00Z","what":"moved","unit":"a.service","machineID":"m2",\
            "fromMachineID":"m1","generation":1,"reason":"its machine is gone"}\
            """;

    private final FakeFleet fleet = new FakeFleet();
    private final EndpointFinder finder = () -> Optional.of(fleet.endpoint());
    private final List<Exception> failures = new ArrayList<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private PrintStream out;

    @BeforeEach
    void a_unit_that_went() {
        out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        fleet.machine("m1", "ready");
        fleet.machine("m2", "ready");
        fleet.history("a.service", history("2014-07-07T12:00:00Z", ""));
        fleet.history("", history("2014-07-07T12:00:00Z", ""));
    }

    @AfterEach
    void stop() {
        System.setOut(out);
        fleet.close();
    }

    @Test
    void each_line_says_when_what_where_and_who_or_why() {
        assertThat(run(new History(finder), "a")).isZero();

        assertThat(printed.toString(StandardCharsets.UTF_8).lines().map(HistoryTest::words))
                .containsExactly(
                        "TIME WHAT MACHINE WHY",
                        "submitted - by ann on m1, to be launched",
                        "moved m1 -> m2 its machine is gone");
    }

    @Test
    void a_rollout_s_lines_say_of_which_text_and_who_asked_or_why() {
        fleet.history(
                "node.service",
                """
                {"knownSince":"2014-07-07T12:00:00Z","lines":[\
                {"time":"2014-07-14T12:00:00Z","what":"rollout-begun","unit":"node.service",\
                "hash":"0123456789","user":"ann","askedMachineID":"m1"},\
                {"time":"2014-07-14T12:05:00Z","what":"rollout-undoing","unit":"node.service",\
                "hash":"0123456789","reason":"node.service on m2 failed"}]}\
                """);

        assertThat(run(new History(finder), "node")).isZero();

        assertThat(printed.toString(StandardCharsets.UTF_8).lines().map(HistoryTest::words))
                .containsExactly(
                        "TIME WHAT MACHINE WHY",
                        "rollout-begun - by ann on m1 (text 0123456)",
                        "rollout-undoing - node.service on m2 failed (text 0123456)");
    }

    @Test
    void a_machine_s_lines_name_the_units() {
        assertThat(run(new History(finder), "--machine", "m2")).isZero();

        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("UNIT", "a.service");
    }

    @Test
    void at_a_time_it_says_where_the_unit_was_and_how_it_came_there() {
        String moment =
                """
                ,"moment":{"time":"2014-07-14T12:06:00Z","desiredState":"launched","machines":[\
                {"machineID":"m2","leaving":true,"since":"2014-07-14T12:05:00Z","reason":"why"},\
                {"machineID":"m3","leaving":false}]}\
                """;
        fleet.history("a.service", history("2014-07-07T12:00:00Z", moment));

        assertThat(run(new History(finder), "a", "--at", "2014-07-14T12:06:00Z")).isZero();

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains(": wanted launched\n")
                .containsPattern("  on m2, since Jul 14 ..:05:00 \\(why\\), told to give it up\n")
                .contains("  on m3, since before what is kept\n");
    }

    @Test
    void what_is_not_known_any_more_is_not_answered() {
        String moment = ",\"moment\":{\"time\":\"2014-07-01T00:00:00Z\",\"machines\":[]}";
        fleet.history("a.service", history("2014-07-07T12:00:00Z", moment));

        assertThat(run(new History(finder), "a", "--at", "2014-07-01T00:00:00Z")).isEqualTo(1);

        assertThat(failures)
                .singleElement()
                .isInstanceOf(CommandFailure.class)
                .extracting(Exception::getMessage)
                .asString()
                .contains("not known any more");
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void of_what_nothing_is_kept_that_is_said() {
        assertThat(run(new History(finder), "other")).isEqualTo(1);

        assertThat(failures)
                .singleElement()
                .hasToString(
                        "flotilla.cli.command.CommandFailure: Nothing is kept of unit other.service.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--limit 0", "a --machine m1", "--machine m1 --at 14:05", "a --at never"})
    void what_is_asked_in_the_wrong_way_is_refused(String arguments) {
        run(new History(finder), arguments.split(" "));

        assertThat(failures).singleElement().isInstanceOf(UsageFailure.class);
    }

    @Test
    void events_are_the_last_of_all_then_what_comes_and_none_twice() throws Exception {
        fleet.tells(event(MOVED, 1));
        Thread follower = Thread.ofVirtual().start(() -> run(new Events(finder), "-f"));
        Awaitility.await().until(() -> !printed.toString(StandardCharsets.UTF_8).isEmpty());
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        fleet.tells(event(MOVED.replace("2014-07-14T12:05:00Z", now), 2));

        Awaitility.await()
                .until(() -> printed.toString(StandardCharsets.UTF_8).lines().count() == 3);
        follower.interrupt();
        follower.join();

        assertThat(printed.toString(StandardCharsets.UTF_8).lines().map(HistoryTest::words))
                .containsExactly(
                        "a.service submitted - by ann on m1, to be launched",
                        "a.service moved m1 -> m2 its machine is gone",
                        "a.service moved m1 -> m2 its machine is gone");
    }

    @Test
    void events_as_json_are_one_object_a_line() {
        assertThat(run(new Events(finder), "-o", "json")).isZero();

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("{") && line.contains("\"history\""));
    }

    private static String event(String line, int revision) {
        return "{\"kind\":\"history\",\"name\":\"a.service\",\"removed\":false,\"value\":%s,\"revision\":%d}"
                .formatted(line, revision);
    }

    private static String history(String known, String more) {
        return "{\"lines\":[%s,%s],\"knownSince\":\"%s\"%s}"
                .formatted(SUBMITTED, MOVED, known, more);
    }

    /** Without the time. */
    private static String words(String line) {
        return line.replaceFirst("^[A-Z][a-z]{2} \\d\\d \\d\\d:\\d\\d:\\d\\d", "")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, _, _) -> {
                    failures.add(failure);
                    return 1;
                })
                .execute(arguments);
    }
}
