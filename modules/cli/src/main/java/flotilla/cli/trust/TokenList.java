package flotilla.cli.trust;

import flotilla.cli.command.Listing;
import flotilla.cli.fleetctl.Connection;
import flotilla.cli.fleetctl.EndpointFinder;
import flotilla.cli.table.Table;
import flotilla.trust.api.TokenBody;
import flotilla.trust.api.TrustClient;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "List the join tokens; the tokens themselves nobody knows any more.",
        footer = {"", "Fields: id, role, expires, uses, name, by"})
final class TokenList implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private Listing listing = new Listing();

    TokenList(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() {
        List<TokenBody> tokens = Asking.of(connection, TrustClient::tokens);
        Table<TokenBody> table =
                new Table<TokenBody>()
                        .field("id", TokenBody::id)
                        .field("role", TokenBody::role)
                        .field("expires", TokenBody::expiresAt)
                        .field("uses", token -> Integer.toString(token.usesLeft()))
                        .field("name", token -> Objects.requireNonNullElse(token.name(), ""))
                        .field("by", TokenBody::madeBy);
        return listing.print(
                table, List.of("id", "role", "expires", "uses", "name"), tokens, tokens);
    }
}
