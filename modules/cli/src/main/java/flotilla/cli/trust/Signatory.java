package flotilla.cli.trust;

import flotilla.platform.http.HttpCaller;
import flotilla.platform.tls.CallerTls;
import flotilla.trust.api.StoreBody;
import flotilla.trust.api.TrustClient;
import flotilla.trust.api.TrustException;
import flotilla.trust.join.CredentialFiles;
import flotilla.trust.join.Joiner;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.token.JoinToken;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** A machine that signs, as one that joins asks it. Calls block, and may be repeated. */
interface Signatory {
    /** Has this machine's certificates made, and keeps them. */
    void certify(JoinToken token, Self self) throws IOException, InterruptedException;

    /** Makes this machine a member of the store. */
    StoreBody joinStore() throws IOException, TrustException;

    /** Whether this machine's member has its vote; it is given, if it may have it. */
    boolean vote() throws IOException, TrustException;

    /** Where the store is. */
    StoreBody store() throws IOException, TrustException;

    /**
     * The one at that URL.
     *
     * @param files what this machine keeps, and shows
     */
    record At(URI url, CredentialFiles files) implements Signatory {
        /** More than a change of the store's members may take. */
        private static final Duration ANSWER_MAX = Duration.ofSeconds(45);

        @Override
        public void certify(JoinToken token, Self self) throws IOException, InterruptedException {
            var _ = new Joiner(files).join(url, token, self);
        }

        @Override
        public StoreBody joinStore() throws IOException, TrustException {
            return ask(TrustClient::joinStore);
        }

        @Override
        public boolean vote() throws IOException, TrustException {
            return ask(TrustClient::vote).votes();
        }

        @Override
        public StoreBody store() throws IOException, TrustException {
            return ask(TrustClient::store);
        }

        private <T> T ask(Asking.Question<T> question) throws IOException, TrustException {
            try (HttpCaller caller =
                    HttpCaller.to(url).tls(CallerTls.of(files.asMachine())).timeout(ANSWER_MAX)) {
                return question.of(new TrustClient(caller));
            }
        }
    }
}
