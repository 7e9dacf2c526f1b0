package flotilla.trust.token;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.trust.token.Grant.Terms;
import flotilla.trust.token.Verdict.Admitted;
import flotilla.trust.token.Verdict.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final JoinToken TOKEN =
            JoinToken.of(
                    "authority".getBytes(US_ASCII), "21 bytes at random ..".getBytes(US_ASCII));
    private static final JoinToken FORGED =
            new JoinToken(TOKEN.pin(), TOKEN.id(), "a".repeat(TOKEN.secret().length()));
    private static final Applicant WHO = new Applicant(ID, "core-04", List.of("10.0.0.4"), "key-1");

    private static Grant grant(int uses) {
        return Grant.of(
                TOKEN,
                new Terms(Duration.ofHours(1), uses, Role.MACHINE, Optional.empty()),
                "me",
                NOW);
    }

    private static Verdict join(JoinToken token, Optional<Grant> grant, long now) {
        return Admission.join(token, WHO, new Known(grant, List.of()), now);
    }

    private static Admitted admitted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Admitted.class);
        return (Admitted) verdict;
    }

    private static String refused(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Refused.class);
        return ((Refused) verdict).told();
    }

    private static Known knowing(Member... members) {
        return new Known(Optional.empty(), List.of(members));
    }

    private static Member member() {
        return admitted(join(TOKEN, Optional.of(grant(2)), NOW)).member();
    }

    @Test
    void a_token_admits_a_machine_and_is_used_once() {
        Admitted admitted = admitted(join(TOKEN, Optional.of(grant(1)), NOW + HOUR - 1));

        assertThat(admitted.grant().orElseThrow().usesLeft()).isZero();
        assertThat(admitted.member())
                .isEqualTo(
                        new Member(
                                ID,
                                "core-04",
                                List.of("10.0.0.4"),
                                "key-1",
                                Role.MACHINE,
                                NOW + HOUR - 1 + 7 * DAY,
                                false));
        assertThat(admitted.untilMillis()).isEqualTo(NOW + HOUR - 1 + 7 * DAY);
        assertThat(refused(join(TOKEN, admitted.grant(), NOW)))
                .isEqualTo(
                        "join token %s is used up: make a new one (flotilla token create)"
                                .formatted(TOKEN.id()));
    }

    @Test
    void a_token_that_has_ended_admits_nobody() {
        assertThat(refused(join(TOKEN, Optional.of(grant(1)), NOW + HOUR + 5_000)))
                .startsWith("join token " + TOKEN.id() + " ended 5 s ago");
        assertThat(refused(join(TOKEN, Optional.of(grant(1)), NOW + HOUR))).contains("ended 0 s");
    }

    @Test
    void a_foreign_token_and_a_wrong_secret_are_told_the_same() {
        Verdict foreign = join(TOKEN, Optional.empty(), NOW);
        Verdict wrong = join(FORGED, Optional.of(grant(1)), NOW);

        assertThat(refused(foreign)).isEqualTo(refused(wrong)).contains("not known here");
        assertThat(((Refused) wrong).noted()).contains("wrong secret").contains(TOKEN.id());
        assertThat(((Refused) foreign).noted()).contains("is not known");
    }

    /** Else one could ask whether a token has ended, or for whom it is, without its secret. */
    @Test
    void a_wrong_secret_learns_nothing_of_the_token() {
        assertThat(refused(join(FORGED, Optional.of(grant(1)), NOW + 2 * HOUR)))
                .contains("not known here");
    }

    @Test
    void a_token_for_one_machine_admits_no_other() {
        Grant named =
                Grant.of(
                        TOKEN,
                        new Terms(Duration.ofHours(1), 1, Role.MEMBER, Optional.of("core-05")),
                        "me",
                        NOW);

        assertThat(refused(join(TOKEN, Optional.of(named), NOW)))
                .isEqualTo(
                        "join token %s is for the machine core-05, and this one is called core-04"
                                .formatted(TOKEN.id()));
    }

    @Test
    void who_asks_again_with_the_same_key_uses_the_token_no_second_time() {
        Grant used = grant(1).used();
        Verdict again =
                Admission.join(
                        TOKEN, WHO, new Known(Optional.of(used), List.of(member())), NOW + 1);

        assertThat(admitted(again).grant()).isEmpty();
        assertThat(admitted(again).untilMillis()).isEqualTo(NOW + 1 + 7 * DAY);
    }

    @Test
    void a_machine_id_that_is_in_use_is_refused() {
        Applicant twin = new Applicant(ID, "clone", List.of("10.0.0.9"), "key-2");

        assertThat(refused(joins(twin, member())))
                .startsWith("machine id " + ID + " is in use by core-04");
    }

    /** Else it could have a certificate by which it answers in the other's place. */
    @Test
    void anothers_name_and_address_are_refused_until_that_one_is_put_out() {
        String own = "f".repeat(32);
        Applicant name = new Applicant(own, "core-04", List.of("10.0.0.9"), "key-2");
        Applicant address = new Applicant(own, "core-09", List.of("10.0.0.9", "10.0.0.4"), "key-2");

        assertThat(refused(joins(name, member()))).startsWith("another machine is called core-04");
        assertThat(refused(joins(address, member())))
                .startsWith("the address 10.0.0.4 is that of core-04");
        assertThat(joins(address, member().putOut())).isInstanceOf(Admitted.class);
    }

    private static Verdict joins(Applicant who, Member... members) {
        return Admission.join(TOKEN, who, new Known(Optional.of(grant(5)), List.of(members)), NOW);
    }

    @Test
    void who_was_put_out_stays_out() {
        Member out = member().putOut();

        assertThat(refused(joins(WHO, out))).contains("was put out of the cluster");
        assertThat(refused(Admission.renew(WHO, NOW + DAY, knowing(out), NOW)))
                .contains("was put out of the cluster");
    }

    @Test
    void a_certificate_is_renewed_with_its_key_until_30_days_after_its_end() {
        Member known = member();
        long end = known.expiresAtMillis();

        assertThat(admitted(Admission.renew(WHO, end, knowing(known), end - DAY)).untilMillis())
                .isEqualTo(end + 6 * DAY);
        assertThat(admitted(Admission.renew(WHO, end, knowing(known), end + 30 * DAY - 1)))
                .isNotNull();
        assertThat(refused(Admission.renew(WHO, end, knowing(known), end + 30 * DAY)))
                .contains("ended more than 30 days ago");
        assertThat(
                        refused(
                                Admission.renew(
                                        new Applicant(ID, "core-04", List.of("10.0.0.4"), "key-2"),
                                        end,
                                        knowing(known),
                                        NOW)))
                .contains("another key");
        assertThat(refused(Admission.renew(WHO, end, knowing(), NOW)))
                .contains("not known here any more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "a b",
                "a,CN=admin",
                "A",
                "a..b",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void a_host_name_that_is_none_is_refused(String name) {
        Applicant who = new Applicant(ID, name, List.of("10.0.0.4"), "key-1");

        assertThat(refused(joins(who))).contains("host name");
        assertThat(
                        refused(
                                joins(
                                        new Applicant(
                                                ID + "/x",
                                                "core-04",
                                                List.of("10.0.0.4"),
                                                "key-1"))))
                .contains("machine id");
    }

    @Test
    void a_token_lives_for_a_day_at_most_and_for_a_thousand_machines() {
        assertThatThrownBy(() -> terms(Duration.ofHours(25), 1))
                .hasMessageContaining("lives for 1 s to 24 h");
        assertThatThrownBy(() -> terms(Duration.ZERO, 1)).hasMessageContaining("1 s to 24 h");
        assertThatThrownBy(() -> terms(Duration.ofHours(1), 0)).hasMessageContaining("1 to");
        assertThatThrownBy(() -> terms(Duration.ofHours(1), 1_001))
                .hasMessageContaining("1 to 1000 machines");
    }

    private static Terms terms(Duration life, int uses) {
        return new Terms(life, uses, Role.MEMBER, Optional.empty());
    }
}
