package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** defaults prints what holds. */
@Timeout(60)
class DefaultsTest {
    private final FakeFleet fleet = new FakeFleet();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private PrintStream out;

    @BeforeEach
    void listen() {
        out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setOut(out);
        fleet.close();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"text, placement=spread", "json, {\"placement\":\"spread\"}"})
    void what_holds_is_told_to_people_and_to_programs(String format, String words) {
        CommandLine line =
                new CommandLine(new Defaults(() -> Optional.of(fleet.endpoint())))
                        .setCaseInsensitiveEnumValuesAllowed(true);

        assertThat(line.execute("-o", format)).isZero();

        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines(words);
    }
}
