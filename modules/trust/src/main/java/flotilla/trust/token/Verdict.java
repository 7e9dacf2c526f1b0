package flotilla.trust.token;

import java.util.Optional;

/** Whether a machine gets a certificate. */
public sealed interface Verdict {
    /**
     * It does. Both are written in one transaction with what was read, or the question is asked
     * anew.
     *
     * @param grant as it is from now on; empty when it stays as it is
     * @param untilMillis when the certificate ends, in milliseconds since 1970
     */
    record Admitted(Optional<Grant> grant, Member member, long untilMillis) implements Verdict {}

    /**
     * It does not.
     *
     * @param told to the machine: why, and what to do; nothing that helps to guess
     * @param noted in the cluster's own log
     */
    record Refused(String told, String noted) implements Verdict {
        static Refused frankly(String words) {
            return new Refused(words, words);
        }
    }
}
