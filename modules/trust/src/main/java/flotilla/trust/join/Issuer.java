package flotilla.trust.join;

import flotilla.platform.Clock;
import flotilla.trust.authority.Authority;
import flotilla.trust.authority.CertificateRequest;
import flotilla.trust.authority.Profile;
import flotilla.trust.authority.Profile.Kind;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.token.Admission;
import flotilla.trust.token.Member;
import flotilla.trust.token.Role;
import java.io.IOException;
import java.time.Instant;

/**
 * Certifies machines that were admitted.
 *
 * @param cluster its id
 */
public record Issuer(String cluster, Authority authority, Clock clock) {
    Credentials issue(Member member, CertificateRequest key) {
        return new Credentials(
                cluster,
                authority.certificatePem(),
                authority.sign(key, profile(Kind.MACHINE, member)),
                member.role() == Role.MEMBER
                        ? authority.sign(key, profile(Kind.PEER, member))
                        : null);
    }

    private Profile profile(Kind kind, Member member) {
        return new Profile(
                kind,
                cluster,
                member.machineId(),
                member.hosts(),
                clock.now().minus(Authority.HEAD_START),
                Instant.ofEpochMilli(member.expiresAtMillis()));
    }

    /**
     * Certifies the machine that the authority is on, which nobody else could admit. May be
     * repeated: the key stays.
     *
     * @return what the cluster is to remember of it
     */
    public Member found(CredentialFiles files, Self self) throws IOException {
        CertificateRequest key = CertificateRequest.parse(files.ownKey().request());
        Member first =
                new Member(
                        self.id(),
                        self.name(),
                        self.addresses(),
                        key.keyHash(),
                        Role.MEMBER,
                        clock.now().plus(Admission.CERTIFICATE_LIFE).toEpochMilli(),
                        false);
        files.keep(issue(first, key));
        return first;
    }
}
