package flotilla.machine.service;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.units.Specifiers;
import flotilla.units.UnitName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every list here is what a program was called with by systemd 252. */
class ExecCommandTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("ONE", "one", "TWO", "two  2", "EMPTY", "", "DOLLAR", "$ONE");

    @Test
    void variables_are_put_in_as_words_or_within_words() {
        assertThat(
                        arguments(
                                "$ONE ${ONE} x$ONE x${ONE}y $TWO ${TWO} \"$TWO\" $ONE$TWO ${ONE}${TWO}"))
                .containsExactly(
                        "one",
                        "one",
                        "x$ONE",
                        "xoney",
                        "two",
                        "2",
                        "two  2",
                        "two",
                        "2",
                        "onetwo  2");
        assertThat(arguments("a $EMPTY ${EMPTY} $UNSET ${UNSET} $1 ${1} $ONE-x b"))
                .containsExactly("a", "", "", "", "b");
    }

    @Test
    void a_dollar_sign_is_written_twice_and_never_looked_at_again() {
        assertThat(arguments("$$ONE $${ONE} a$ b$$ ${ONE ${DOLLAR} $DOLLAR"))
                .containsExactly("$ONE", "${ONE}", "a$", "b$", "${ONE", "$ONE", "$ONE");
        assertThat(
                        ExecCommand.parse(":/bin/x $ONE ${ONE} $$", specifiers())
                                .getFirst()
                                .arguments(ENVIRONMENT)
                                .orElseThrow())
                .containsExactly("/bin/x", "$ONE", "${ONE}", "$$");
    }

    private static List<String> arguments(String line) {
        List<String> all =
                ExecCommand.parse("/bin/x " + line, specifiers())
                        .getFirst()
                        .arguments(ENVIRONMENT)
                        .orElseThrow();
        return all.subList(1, all.size());
    }

    private static Specifiers specifiers() {
        return Specifiers.of(new UnitName("a.service"), Map.of());
    }
}
