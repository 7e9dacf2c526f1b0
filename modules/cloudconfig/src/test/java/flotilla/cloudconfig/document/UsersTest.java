package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.CloudConfig.Reading;
import flotilla.cloudconfig.document.User.PasswordHash;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** users: what is read of an account, and what is no account. */
class UsersTest {
    private static final String HASH = "$6$salt$9lGjsTKPmNOtkhuYVVm8zh0Ylr2YJk3bG";

    @Test
    void an_account_is_read_with_all_that_is_said_of_it() {
        assertThat(
                        users(
                                """
                                users:
                                  - name: app
                                    passwd: %s
                                    ssh-authorized-keys: [ssh-rsa A]
                                    gecos: The App, of us
                                    homedir: /srv/app
                                    no-create-home: true
                                    primary-group: www-data
                                    no-user-group: true
                                    groups: [sudo, "100", sudo]
                                    system: true
                                    no-log-init: true
                                    shell: /bin/sh
                                """
                                        .formatted(HASH)))
                .containsExactly(
                        new User(
                                "app",
                                Optional.of(new PasswordHash(HASH)),
                                List.of("ssh-rsa A"),
                                Optional.of("The App, of us"),
                                Optional.of("/srv/app"),
                                false,
                                Optional.of("www-data"),
                                false,
                                List.of("sudo", "100"),
                                true,
                                false,
                                Optional.of("/bin/sh")));
    }

    @Test
    void an_account_of_which_only_the_name_is_said_is_a_persons() {
        User user = users("users: [{name: a}]\n").getFirst();

        assertThat(user.makeHome()).isTrue();
        assertThat(user.ownGroup()).isTrue();
        assertThat(user.logInit()).isTrue();
        assertThat(user.system()).isFalse();
        assertThat(user.password()).isEmpty();
    }

    /** Options of useradd, fields of passwd(5), paths, numbers of others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-o",
                "--root",
                "a:0:0",
                "a/b",
                "..",
                ".a",
                "\"a\\nb\"",
                "\"a b\"",
                "0",
                "1000",
                "a,b",
                "\"a\\0\"",
                "aaaaaaaaaabbbbbbbbbbccccccccccddd",
                "ä"
            })
    void a_name_that_is_something_else_to_useradd_or_passwd_is_refused(String name) {
        Reading reading = read("users:\n  - name: " + name + "\n");

        assertThat(reading.document().orElseThrow().users()).isEmpty();
        assertThat(reading.problems())
                .map(Problem::toString)
                .singleElement()
                .asString()
                .startsWith("3:5: error: \"")
                .contains("is no user's name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "_apt",
                "www-data",
                "a.b",
                "1a",
                "Core",
                "aaaaaaaaaabbbbbbbbbbccccccccccdd"
            })
    void a_name_of_the_usual_kind_is_taken(String name) {
        assertThat(users("users: [{name: " + name + "}]\n")).map(User::name).containsExactly(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "passwd: \"a:b\" | this is no hash of a password: it has a colon, white space or a strange character, or is too long",
                "passwd: \"$6$a\\n$b\" | this is no hash of a password",
                "gecos: \"a:0\" | the \"gecos\" \"a:0\" must be a text of one line without a colon",
                "gecos: \"a\\nb\" | must be a text of one line without a colon",
                "homedir: relative | the \"homedir\" \"relative\" must be a path that begins with /",
                "homedir: /a/../b | must be a path that begins with /",
                "homedir: /a:/b | must be a path that begins with /",
                "shell: sh | the \"shell\" \"sh\" must be a path that begins with /",
                "primary_group: -g | the \"primary_group\" \"-g\" must be the name of a group",
                "groups: [\"a,b\"] | \"a,b\" is no group's name: give one in each entry",
                "groups: [-a] | \"-a\" is no group's name",
                "groups: sudo | \"groups\" must be a list",
                "groups: [[a]] | \"groups[0]\" must be a text, this is a list",
                "ssh_authorized_keys: [\"a\\nb\"] | an ssh key is one line",
                "system: perhaps | \"system\" must be true or false",
            })
    void an_account_of_which_a_part_is_wrong_is_none_and_its_place_is_told(
            String part, String words) {
        Reading reading = read("users:\n  - name: a\n    " + part + "\n  - name: b\n");

        assertThat(reading.document().orElseThrow().users()).map(User::name).containsExactly("b");
        assertThat(reading.problems())
                .map(Problem::toString)
                .singleElement()
                .asString()
                .startsWith("4:")
                .contains("error: ")
                .contains(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{passwd: x}", "{name: }", "{name: ''}"})
    void an_account_without_a_name_is_none(String user) {
        Reading reading = read("users: [" + user + "]\n");

        assertThat(reading.document().orElseThrow().users()).isEmpty();
        assertThat(reading.problems()).map(Problem::message).contains("a user needs a name");
    }

    @Test
    void a_password_in_the_place_of_its_hash_is_questioned_and_not_repeated() {
        Reading reading = read("users:\n  - name: a\n    passwd: verysecret\n");

        assertThat(reading.problems())
                .map(Problem::toString)
                .containsExactly(
                        "4:5: warning: this does not look like the hash of a password, and a password itself lets nobody in: make a hash by \"openssl passwd -6\"");
    }

    @Test
    void keys_that_the_original_fetched_are_not_and_that_is_said() {
        Reading reading =
                read(
                        """
                        users:
                          - name: a
                            coreos-ssh-import-github: a
                            coreos-ssh-import-github-users: [b]
                            coreos-ssh-import-url: http://example.com/keys
                        """);

        assertThat(reading.hasErrors()).isFalse();
        assertThat(reading.document().orElseThrow().users()).hasSize(1);
        assertThat(reading.problems())
                .map(Problem::toString)
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .isEqualTo(
                                                "4:5: warning: \"coreos_ssh_import_github\" is not done: no keys are fetched from elsewhere; put them below \"ssh_authorized_keys:\" of this user"),
                        second ->
                                assertThat(second)
                                        .startsWith("5:5: ")
                                        .contains("coreos_ssh_import_github_users"),
                        third ->
                                assertThat(third)
                                        .startsWith("6:5: ")
                                        .contains("coreos_ssh_import_url"));
    }

    /** Wherever it was put by mistake. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "users: [{name: a, passwd: H}]",
                "users: [{name: H}]",
                "users: ['passwd:H']",
                "users: [{name: a, shell: H}]",
                "users: [{name: a, groups: [H]}]",
                "users: H",
                "hostname: H",
                "users: [{name: a, passwd: \"H\\n\"}]",
                "users: [{name: a, passwd: [H]}]",
                "users: [{name: a, H: b}]",
            })
    void no_problem_and_no_text_of_an_account_repeats_the_hash(String document) {
        Reading reading = read(document.replace("H", HASH) + "\n");

        assertThat(reading.problems()).noneMatch(problem -> problem.toString().contains(HASH));
        assertThat(reading.document().orElseThrow().users().toString()).doesNotContain(HASH);
    }

    @Test
    void there_is_a_limit_to_accounts_and_to_the_groups_of_one() {
        String many =
                IntStream.rangeClosed(0, Users.USERS_MAX)
                        .mapToObj(i -> "  - name: u" + i + "\n")
                        .collect(Collectors.joining());
        String groups =
                IntStream.rangeClosed(0, Users.GROUPS_MAX)
                        .mapToObj(i -> "g" + i)
                        .collect(Collectors.joining(", "));

        assertThat(read("users:\n" + many).problems())
                .map(Problem::toString)
                .containsExactly("103:5: error: there are more users than 100");
        assertThat(read("users: [{name: a, groups: [" + groups + "]}]\n").problems())
                .map(Problem::message)
                .containsExactly("more groups than 32 for one user");
    }

    private static List<User> users(String document) {
        Reading reading = read(document);
        assertThat(reading.problems()).isEmpty();
        return reading.document().orElseThrow().users();
    }

    private static Reading read(String document) {
        return CloudConfig.read("#cloud-config\n" + document, Mode.LENIENT);
    }
}
