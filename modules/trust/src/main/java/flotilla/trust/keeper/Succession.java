package flotilla.trust.keeper;

import flotilla.platform.http.HttpCaller;
import flotilla.platform.tls.CallerTls;
import flotilla.trust.api.AuthorityBody;
import flotilla.trust.api.TrustClient;
import flotilla.trust.api.TrustException;
import flotilla.trust.authority.Authority;
import flotilla.trust.home.TrustHome;
import flotilla.trust.registry.Registry;
import flotilla.trust.registry.Registry.Roll;
import flotilla.trust.token.Member;
import flotilla.trust.token.Signing;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this machine sign too, as long as too few do: it gets the authority's key from one that does,
 * over a connection on which each has seen the other's certificate. So no death of one machine
 * keeps others from joining and renewing.
 */
public final class Succession {
    private static final Logger log = LoggerFactory.getLogger(Succession.class);

    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private final TrustHome home;
    private String trouble = "";

    public Succession(TrustHome home) {
        this.home = home;
    }

    /**
     * Looks, and asks if it is to. Blocks.
     *
     * @param signers where the machines that sign are asked
     */
    void look(Registry registry, Roll roll, List<URI> signers) throws IOException {
        String own = home.self().subject();
        if (Authority.isIn(home.authority())) {
            if (!roll.signers().contains(own)) {
                // When others change the roll at this moment, the next time.
                var _ = registry.addSigner(roll, own);
            }
            return;
        }
        Optional<Member> self = roll.member(own);
        if (self.isPresent() && Signing.mayHave(self.get(), roll.signing())) {
            ask(signers);
        }
    }

    private void ask(List<URI> signers) throws IOException {
        String why = "";
        for (URI signer : signers) {
            try (HttpCaller caller =
                    HttpCaller.to(signer)
                            .tls(CallerTls.of(home.credentials().asMachine()))
                            .timeout(ANSWER_MAX)) {
                keep(new TrustClient(caller).authority());
                log.info("this machine signs too, by the authority's key from {}", signer);
                trouble = "";
                return;
            } catch (IOException | TrustException e) {
                why = signer + ": " + e.getMessage();
            }
        }
        if (!why.isEmpty() && !why.equals(trouble)) {
            trouble = why;
            log.warn("this machine could sign too, and does not get the authority's key: {}", why);
        }
    }

    private void keep(AuthorityBody handed) throws IOException {
        Authority authority = Authority.of(handed.certificate(), handed.key());
        byte[] ours = Authority.publicKey(Files.readString(home.credentials().authority()));
        if (!Arrays.equals(authority.publicKey(), ours)) {
            throw new IOException("it is not the authority's key that this machine knows");
        }
        authority.keep(home.authority());
    }
}
