package flotilla.cli.trust;

import flotilla.cli.command.Output;
import flotilla.cli.fleetctl.Connection;
import flotilla.cli.fleetctl.EndpointFinder;
import flotilla.platform.json.Json;
import flotilla.trust.api.TokenBody;
import flotilla.trust.api.TokenRequest;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Make a join token. Two lines are printed: what to run on the other machine, and the",
            "token, which it reads from its standard input. It is shown this once."
        })
final class TokenCreate implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private Output output = new Output();

    @Option(
            names = "--role",
            paramLabel = "member|machine",
            defaultValue = "member",
            description = {
                "What its machines may be: members of the store,",
                "or machines that run units and have no part in it (${DEFAULT-VALUE})"
            })
    private String role = "member";

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "How long it counts, 24h at most (${DEFAULT-VALUE})")
    private String life = "1h";

    @Option(
            names = "--uses",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many machines may join by it (${DEFAULT-VALUE})")
    private int uses = 1;

    @Option(
            names = "--name",
            paramLabel = "HOST",
            description = "The only machine that may, by its host name")
    private @Nullable String name;

    TokenCreate(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() {
        long seconds = Asking.seconds("--ttl", life);
        TokenBody made =
                Asking.of(
                        connection,
                        fleet -> fleet.makeToken(new TokenRequest(role, seconds, uses, name)));
        if (output.isJson()) {
            System.out.println(Json.write(made));
        } else {
            print(made);
        }
        return 0;
    }

    /** The lines for who is to join. */
    static void print(TokenBody made) {
        System.out.println(
                "flotilla join %s --token -"
                        .formatted(
                                Objects.requireNonNullElse(
                                        made.endpoint(), "https://MACHINE_THAT_SIGNS:49153")));
        System.out.println(made.token());
    }
}
