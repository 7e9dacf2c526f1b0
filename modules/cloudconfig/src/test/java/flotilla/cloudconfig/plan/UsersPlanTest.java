package flotilla.cloudconfig.plan;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cloudconfig.document.CloudConfig;
import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.Metadata;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where accounts come in a plan, and how they are told. */
class UsersPlanTest {
    private static final String HASH = "$6$salt$9lGjsTKPmNOtkhuYVVm8zh0Ylr2YJk3bG";

    @Test
    void users_come_each_with_its_keys_between_the_host_name_and_the_files() {
        assertThat(
                        summaries(
                                """
                                write_files: [{path: /srv/a, owner: app}]
                                ssh_authorized_keys: [k1]
                                users:
                                  - {name: app, ssh_authorized_keys: [k2, k3]}
                                  - {name: other}
                                hostname: web
                                """))
                .containsExactly(
                        "set the host name to web",
                        "make user app, or give it what it lacks",
                        "let 2 ssh keys in as app",
                        "make user other, or give it what it lacks",
                        "make user core if there is none",
                        "let 1 ssh key in as core",
                        "write /srv/a (0 bytes, mode 0644)");
    }

    @Test
    void keys_of_core_from_both_places_come_in_together() {
        List<Action> actions =
                plan("""
                ssh_authorized_keys: [k2]
                users: [{name: core, groups: [sudo], ssh_authorized_keys: [k1]}]
                """)
                        .actions();

        assertThat(actions)
                .map(Action::summary)
                .first()
                .isEqualTo("make user core, or give it what it lacks: member of sudo");
        assertThat(actions)
                .doesNotContain(new Action.ProvideCore("core"))
                .last()
                .isEqualTo(
                        new Action.AuthorizeKeys("core", "coreos-cloudinit", List.of("k1", "k2")));
    }

    @Test
    void what_is_said_of_an_account_is_told_but_for_its_password() {
        String told =
                plan("""
                users:
                  - name: app
                    passwd: %s
                    gecos: The App
                    homedir: /srv/app
                    no-create-home: true
                    primary-group: www-data
                    no-user-group: true
                    groups: [sudo, docker]
                    system: true
                    shell: /bin/sh
                """
                                .formatted(HASH))
                        .explain();

        assertThat(told)
                .isEqualToNormalizingNewlines(
                        " 1. make user app, or give it what it lacks: a system account, called \"The App\", with the password given, no home made, home /srv/app, shell /bin/sh, primary group www-data, no group of its own, member of sudo and docker\n");
    }

    private static List<String> summaries(String document) {
        return plan(document).actions().stream().map(Action::summary).toList();
    }

    private static Plan plan(String document) {
        return Plan.of(
                CloudConfig.read("#cloud-config\n" + document, Mode.LENIENT)
                        .document()
                        .orElseThrow(),
                new Metadata("id", "", "", "", "", "", List.of()));
    }
}
