package flotilla.platform.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who one end of a connection is, checked: the key is the certificate's, and it is its time.
 *
 * @param chain our certificate first
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {
    private static final Logger log = LoggerFactory.getLogger(Identity.class);

    private static final Set<PosixFilePermission> OTHERS =
            Set.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    /**
     * @throws IOException naming the file that can't be used, and what to do
     */
    static Identity read(Path certificate, Path key, Instant now) throws IOException {
        List<X509Certificate> chain = Pem.read(certificate).certificates();
        PrivateKey secret = Pem.read(key).privateKey();
        X509Certificate own = chain.getFirst();
        if (!fits(secret, own.getPublicKey())) {
            throw new IOException(
                    ("tls: private key does not match public key: %s is not the key of the first"
                                    + " certificate in %s; name the key it was made with")
                            .formatted(key, certificate));
        }
        requireItsTime(certificate, own, now);
        warnOfOthers(key);
        return new Identity(secret, chain);
    }

    private static void requireItsTime(Path file, X509Certificate own, Instant now)
            throws IOException {
        if (now.isAfter(own.getNotAfter().toInstant())) {
            throw new IOException(
                    "the certificate in %s expired on %s: put a new one in its place"
                            .formatted(file, own.getNotAfter().toInstant()));
        }
        if (now.isBefore(own.getNotBefore().toInstant())) {
            throw new IOException(
                    "the certificate in %s is not valid before %s: look at this machine's clock"
                            .formatted(file, own.getNotBefore().toInstant()));
        }
    }

    private static void warnOfOthers(Path key) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(key);
        if (OTHERS.stream().anyMatch(mode::contains)) {
            log.warn("others than its owner may read or write {}: chmod 600 it", key);
        }
    }

    /** Whether what the one signs the other verifies. */
    private static boolean fits(PrivateKey key, PublicKey certified) throws IOException {
        String algorithm =
                switch (certified.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> certified.getAlgorithm();
                };
        byte[] words = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(words);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(words);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            log.debug("{} key, {} certificate", key.getAlgorithm(), algorithm, e);
            return false;
        }
    }
}
