package flotilla.platform.tls;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CRLEntryHolder;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.X509TrustedCertificateBlock;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * What stands in a PEM file (RFC 7468), as openssl and cfssl write it: keys as PKCS#8, PKCS#1 and
 * SEC1, several certificates or lists one after another, text between them. Each failure names the
 * file and what to do.
 */
final class Pem {
    /** Longer files are no certificates, in bytes; a revocation list of 200,000 takes 8 MB. */
    private static final int FILE_MAX_BYTES = 32 * 1024 * 1024;

    private final Path file;
    private final List<Object> objects;

    private Pem(Path file, List<Object> objects) {
        this.file = file;
        this.objects = objects;
    }

    static Pem read(Path file) throws IOException {
        String text = text(file);
        List<Object> objects = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                objects.add(next);
            }
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    file
                            + " is damaged ("
                            + e.getMessage()
                            + "): copy it again from where it was"
                            + " made",
                    e);
        }
        if (objects.isEmpty()) {
            throw new IOException(
                    file
                            + " has no -----BEGIN line: it must be PEM; make it from DER by openssl"
                            + " x509 (or pkey, crl) -inform der");
        }
        return new Pem(file, objects);
    }

    private static String text(Path file) throws IOException {
        try {
            if (Files.size(file) > FILE_MAX_BYTES) {
                throw new IOException(
                        file
                                + " is longer than "
                                + FILE_MAX_BYTES
                                + " bytes: is it the right"
                                + " file?");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist: make it, or mend its path", e);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    file + " may not be read by this process: give it to the user it runs as", e);
        }
    }

    /** In the file's order; at least one. */
    List<X509Certificate> certificates() throws IOException {
        JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (Object object : objects) {
                if (object instanceof X509CertificateHolder one) {
                    certificates.add(converter.getCertificate(one));
                } else if (object instanceof X509TrustedCertificateBlock block) {
                    certificates.add(converter.getCertificate(block.getCertificateHolder()));
                }
            }
        } catch (CertificateException e) {
            throw new IOException(
                    file
                            + " holds a certificate that this JDK can't read ("
                            + e.getMessage()
                            + "): make a new one",
                    e);
        }
        if (certificates.isEmpty()) {
            throw new IOException(
                    file
                            + " holds no certificate (-----BEGIN CERTIFICATE-----): is it the right"
                            + " file?");
        }
        return List.copyOf(certificates);
    }

    PrivateKey privateKey() throws IOException {
        for (Object object : objects) {
            if (object instanceof PEMEncryptedKeyPair
                    || object instanceof PKCS8EncryptedPrivateKeyInfo) {
                throw new IOException(
                        "the key in "
                                + file
                                + " has a password, and nobody is asked for one: take"
                                + " it off by openssl pkey -in "
                                + file
                                + " -out NEW-FILE");
            }
            if (object instanceof PEMKeyPair pair) {
                return converted(pair.getPrivateKeyInfo());
            }
            if (object instanceof PrivateKeyInfo key) {
                return converted(key);
            }
        }
        throw new IOException(
                file
                        + " holds no private key (-----BEGIN PRIVATE KEY-----): is it the right file?");
    }

    private PrivateKey converted(PrivateKeyInfo key) throws IOException {
        try {
            return new JcaPEMKeyConverter().getPrivateKey(key);
        } catch (IOException e) {
            throw new IOException(
                    file
                            + " holds a key that this JDK can't use ("
                            + e.getMessage()
                            + "): make one by openssl ecparam -genkey -name prime256v1 -noout",
                    e);
        }
    }

    /** Serial numbers that are revoked, of all lists in the file. */
    Set<BigInteger> revoked() throws IOException {
        Set<BigInteger> serials = new HashSet<>();
        boolean any = false;
        for (Object object : objects) {
            if (object instanceof X509CRLHolder list) {
                any = true;
                for (Object entry : list.getRevokedCertificates()) {
                    serials.add(((X509CRLEntryHolder) entry).getSerialNumber());
                }
            }
        }
        if (!any) {
            throw new IOException(
                    file
                            + " holds no revocation list (-----BEGIN X509 CRL-----): is it the right"
                            + " file?");
        }
        return Set.copyOf(serials);
    }
}
