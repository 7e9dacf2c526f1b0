package flotilla.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitNameTest {
    @Test
    void a_name_without_a_known_suffix_is_a_service() {
        assertThat(UnitName.of("web").full()).isEqualTo("web.service");
        assertThat(UnitName.of("web.1").full()).isEqualTo("web.1.service");
        assertThat(UnitName.of("web.timer").full()).isEqualTo("web.timer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@a.service",
                "a b.service",
                "a/b.service",
                ".service",
                "a",
                "...service",
                ".a.service",
                "a\n.service",
                "a\u0000.service",
                "a@1.mount",
                "é.service"
            })
    void what_fleet_refuses_as_a_name_is_refused(String name) {
        assertThat(UnitName.problem(name)).isPresent();
    }

    @Test
    void a_name_has_at_most_256_characters() {
        assertThat(UnitName.problem("a".repeat(248) + ".service")).isEmpty();
        assertThat(UnitName.problem("a".repeat(249) + ".service"))
                .contains("unit name exceeds maximum length (256)");
    }

    @Test
    void an_instance_is_between_the_first_at_and_the_last_dot() {
        UnitName name = UnitName.of("a@b@c.d.service");

        assertThat(name.prefix()).isEqualTo("a");
        assertThat(name.instance()).isEqualTo("b@c.d");
        assertThat(name.template()).contains(UnitName.of("a@.service"));
        assertThat(UnitName.of("a@.service").isTemplate()).isTrue();
        assertThat(UnitName.of("a@").instance("7").full()).isEqualTo("a@7.service");
    }

    @Test
    void specifiers_expand_from_the_name_and_the_host() {
        Specifiers specifiers =
                Specifiers.of(
                        UnitName.of("my-api@var-lib.service"), Map.of('m', "cafe", 'H', "h1"));

        assertThat(specifiers.expand("%n %N %p %i %I %f %j %m %H 100%% %Z %"))
                .isEqualTo(
                        "my-api@var-lib.service my-api@var-lib my-api var-lib var/lib /var/lib api"
                                + " cafe h1 100% %Z %");
        assertThat(Specifiers.fleet(UnitName.of("a@1")).expand("%p@%i %m")).isEqualTo("a@1 %m");
    }
}
