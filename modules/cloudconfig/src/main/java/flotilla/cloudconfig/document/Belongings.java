package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Field.Fields;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code flotilla:}. No problem quotes a token. */
final class Belongings {
    private static final Pattern URL =
            Pattern.compile("https://[A-Za-z0-9.\\[\\]:_-]+:[0-9]{1,5}/?");
    private static final Pattern TOKEN =
            Pattern.compile("flt1(\\.[a-z2-7]+){3}", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");

    /** IPv4, or what can be IPv6: whoever uses it looks closer. */
    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+");

    private final Problems problems;

    Belongings(Problems problems) {
        this.problems = problems;
    }

    Optional<Belonging> read(Fields document) {
        if (!(document.byKey().get("flotilla") instanceof Fields ours)) {
            return Optional.empty();
        }
        boolean joins = ours.byKey().get("join") instanceof Fields;
        boolean begins = ours.byKey().get("init") instanceof Fields;
        if (joins == begins) {
            problems.error(
                    ours.place(),
                    joins
                            ? "a machine can't be a cluster's first and join one: give \"init:\" or \"join:\""
                            : "\"flotilla:\" asks for nothing: give \"init:\" with a name, or \"join:\" with a url and a token");
            return Optional.empty();
        }
        return joins ? another(ours.fields("join")) : first(ours.fields("init"));
    }

    private Optional<Belonging> first(Fields init) {
        String name = init.text("name");
        boolean wrong =
                complain(
                        !name.isEmpty() && !NAME.matcher(name).matches(),
                        init,
                        "name",
                        "\"%s\" is no name of a cluster: lower-case letters, digits and hyphens, 40 at most"
                                .formatted(name));
        wrong |= address(init);
        return wrong
                ? Optional.empty()
                : Optional.of(
                        new Belonging.First(
                                Values.given(name), Values.given(init.text("address"))));
    }

    private Optional<Belonging> another(Fields join) {
        String url = join.text("url");
        String token = join.text("token");
        String file = join.text("token_file");
        boolean wrong =
                complain(
                        !URL.matcher(url).matches(),
                        join,
                        "url",
                        "the url of a machine that signs looks like https://10.0.0.11:49153");
        wrong |=
                complain(
                        token.isEmpty() == file.isEmpty(),
                        join,
                        "token",
                        "give \"token:\" or \"token-file:\", one of them: flotilla token create makes a token");
        wrong |=
                complain(
                        !token.isEmpty() && !TOKEN.matcher(token.strip()).matches(),
                        join,
                        "token",
                        "this is no join token: one looks like flt1.PIN.ID.SECRET, on one line");
        wrong |=
                complain(
                        !file.isEmpty() && !file.startsWith("/"),
                        join,
                        "token_file",
                        "\"token-file:\" needs a path from / on");
        wrong |= address(join);
        return wrong
                ? Optional.empty()
                : Optional.of(
                        new Belonging.Another(
                                url,
                                Values.given(token),
                                Values.given(file),
                                Values.given(join.text("address"))));
    }

    private boolean address(Fields fields) {
        String address = fields.text("address");
        return complain(
                !address.isEmpty() && !ADDRESS.matcher(address).matches(),
                fields,
                "address",
                "\"%s\" is no IPv4 or IPv6 address".formatted(address));
    }

    /** Whether there was something to complain of. */
    private boolean complain(boolean wrong, Fields fields, String key, String words) {
        if (wrong) {
            problems.error(fields.placeOf(key), words);
        }
        return wrong;
    }
}
