package flotilla.trust.token;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rules of who gets a certificate: by a token, or by the certificate that it has.
 *
 * <ul>
 *   <li>A token counts until it ends, for as many machines as it was made for, and for the one
 *       machine that it names. A machine that asks again with the same key is the same use: an
 *       answer may have been lost.
 *   <li>A machine id is one machine's. Who comes with one that is known, and another key, is
 *       refused: two machines with one id would fight over units.
 *   <li>A name or an address is one machine's: whoever could have a certificate for another's could
 *       answer in its place.
 *   <li>Who was put out stays out, also by a new token.
 *   <li>Who has a certificate gets the next one with the same key, also when it ended up to 30 days
 *       ago: a machine that was off comes back.
 * </ul>
 */
public final class Admission {
    /** Of a machine's certificate. */
    public static final Duration CERTIFICATE_LIFE = Duration.ofDays(7);

    /** How long after its end a certificate can still be renewed. */
    public static final Duration GRACE = Duration.ofDays(30);

    private static final Pattern MACHINE_ID = Pattern.compile("[0-9a-f]{32}");

    /** RFC 1123: what a host may be called. */
    private static final Pattern NAME =
            Pattern.compile(
                    "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    private static final int NAME_MAX = 253;
    private static final int ADDRESSES_MAX = 16;

    private Admission() {}

    /**
     * Whether a machine may join.
     *
     * @param nowMillis wall clock, in milliseconds since 1970
     */
    public static Verdict join(JoinToken token, Applicant who, Known known, long nowMillis) {
        Optional<Verdict.Refused> malformed = malformed(who);
        if (malformed.isPresent()) {
            return malformed.get();
        }
        // One answer for both, so that nobody learns which ids there are.
        Optional<Grant> grant = known.grant();
        if (grant.isEmpty() || !token.hasHash(grant.get().secretHash())) {
            return new Verdict.Refused(
                    "this join token is not known here: make a new one (flotilla token create)",
                    "join token %s is %s"
                            .formatted(
                                    token.id(),
                                    grant.isEmpty() ? "not known" : "shown with a wrong secret"));
        }
        Grant there = grant.get();
        if (nowMillis >= there.expiresAtMillis()) {
            return Verdict.Refused.frankly(
                    "join token %s ended %d s ago: make a new one (flotilla token create)"
                            .formatted(there.id(), (nowMillis - there.expiresAtMillis()) / 1000));
        }
        if (there.name().filter(name -> !name.equals(who.name())).isPresent()) {
            return Verdict.Refused.frankly(
                    "join token %s is for the machine %s, and this one is called %s"
                            .formatted(there.id(), there.name().orElse(""), who.name()));
        }
        Optional<Verdict.Refused> taken = taken(who, known);
        if (taken.isPresent()) {
            return taken.get();
        }
        Optional<Member> before = known.member(who.machineId());
        if (before.isPresent()) {
            return again(who, before.get(), nowMillis);
        }
        if (there.usesLeft() < 1) {
            return Verdict.Refused.frankly(
                    "join token %s is used up: make a new one (flotilla token create)"
                            .formatted(there.id()));
        }
        return admitted(Optional.of(there.used()), who, there.role(), nowMillis);
    }

    private static Verdict again(Applicant who, Member known, long nowMillis) {
        if (known.denied()) {
            return Verdict.Refused.frankly(putOut(known));
        }
        if (!known.keyHash().equals(who.keyHash())) {
            return Verdict.Refused.frankly(
                    "machine id %s is in use by %s: give this machine an id of its own, or remove that one first (flotilla machine remove %s)"
                            .formatted(who.machineId(), known.name(), known.name()));
        }
        return admitted(Optional.empty(), who, known.role(), nowMillis);
    }

    /**
     * Whether a machine gets its next certificate.
     *
     * @param who by the certificate that it shows, which is of this cluster's authority
     * @param endedMillis when that certificate ends or ended, in milliseconds since 1970
     * @param nowMillis wall clock, in milliseconds since 1970
     */
    public static Verdict renew(Applicant who, long endedMillis, Known known, long nowMillis) {
        Optional<Verdict.Refused> malformed = malformed(who).or(() -> taken(who, known));
        if (malformed.isPresent()) {
            return malformed.get();
        }
        Optional<Member> before = known.member(who.machineId());
        if (before.isEmpty()) {
            return Verdict.Refused.frankly(
                    "machine %s (%s) is not known here any more: join it anew (flotilla join)"
                            .formatted(who.name(), who.machineId()));
        }
        if (before.get().denied()) {
            return Verdict.Refused.frankly(putOut(before.get()));
        }
        if (!before.get().keyHash().equals(who.keyHash())) {
            return Verdict.Refused.frankly(
                    "machine %s shows another key than it joined with: join it anew (flotilla join)"
                            .formatted(who.name()));
        }
        if (nowMillis - endedMillis >= GRACE.toMillis()) {
            return Verdict.Refused.frankly(
                    "the certificate of %s ended more than %d days ago: join it anew (flotilla join)"
                            .formatted(who.name(), GRACE.toDays()));
        }
        return admitted(Optional.empty(), who, before.get().role(), nowMillis);
    }

    /** One that was put out holds nothing any more. */
    private static Optional<Verdict.Refused> taken(Applicant who, Known known) {
        for (Member other : known.members()) {
            if (other.denied() || other.machineId().equals(who.machineId())) {
                continue;
            }
            if (other.name().equals(who.name())) {
                return Optional.of(
                        Verdict.Refused.frankly(
                                "another machine is called %s (%s): give this one a name of its own, or remove that one first (flotilla machine remove %s)"
                                        .formatted(other.name(), other.machineId(), other.name())));
            }
            for (String address : who.addresses()) {
                if (other.addresses().contains(address)) {
                    return Optional.of(
                            Verdict.Refused.frankly(
                                    "the address %s is that of %s: remove that machine first (flotilla machine remove %s)"
                                            .formatted(address, other.name(), other.name())));
                }
            }
        }
        return Optional.empty();
    }

    private static String putOut(Member member) {
        return "machine %s (%s) was put out of the cluster: it needs a machine id of its own to come back (systemd-machine-id-setup)"
                .formatted(member.name(), member.machineId());
    }

    private static Verdict admitted(
            Optional<Grant> grant, Applicant who, Role role, long nowMillis) {
        long until = nowMillis + CERTIFICATE_LIFE.toMillis();
        Member member =
                new Member(
                        who.machineId(),
                        who.name(),
                        who.addresses(),
                        who.keyHash(),
                        role,
                        until,
                        false);
        return new Verdict.Admitted(grant, member, until);
    }

    private static Optional<Verdict.Refused> malformed(Applicant who) {
        if (!MACHINE_ID.matcher(who.machineId()).matches()) {
            return Optional.of(
                    Verdict.Refused.frankly(
                            "a machine id has 32 hex digits (machine-id(5)): see /etc/machine-id"));
        }
        if (who.name().length() > NAME_MAX || !NAME.matcher(who.name()).matches()) {
            return Optional.of(
                    Verdict.Refused.frankly(
                            "the host name must be letters, digits and hyphens (hostname(7))"));
        }
        if (who.addresses().size() > ADDRESSES_MAX) {
            return Optional.of(
                    Verdict.Refused.frankly(
                            "a machine has at most %d addresses here".formatted(ADDRESSES_MAX)));
        }
        return Optional.empty();
    }
}
