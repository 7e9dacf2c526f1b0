package flotilla.cli.trust;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import flotilla.cli.fleetctl.Connection;
import flotilla.platform.http.HttpCaller;
import flotilla.trust.api.TrustClient;
import flotilla.trust.api.TrustException;
import flotilla.units.TimeSpan;
import java.io.IOException;
import java.time.Duration;

/** Asks fleet about the cluster's trust, and turns what it refuses into words. */
final class Asking {
    private Asking() {}

    /** What is asked, and what comes of it. */
    @FunctionalInterface
    interface Question<T> {
        T of(TrustClient fleet) throws IOException, TrustException;
    }

    static <T> T of(Connection connection, Question<T> question) {
        try (HttpCaller caller = connection.caller()) {
            return question.of(new TrustClient(caller));
        } catch (TrustException e) {
            throw new CommandFailure(e.getMessage() + " (HTTP " + e.status() + ")");
        } catch (IOException e) {
            throw new CommandFailure(
                    "fleet did not answer: "
                            + e.getMessage()
                            + ": this is asked on a machine of the cluster, as root or of the group fleet");
        }
    }

    /** A time as systemd writes it, {@code 1h}, in seconds. */
    static long seconds(String option, String text) {
        return TimeSpan.parse(text)
                .filter(time -> time.compareTo(TimeSpan.INFINITE) < 0)
                .map(Duration::toSeconds)
                .orElseThrow(() ->
                        new UsageFailure(
                                "%s %s: want a time, such as 30min or 8h".formatted(option, text)));
    }
}
