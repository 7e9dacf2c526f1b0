package flotilla.platform.tls;

import flotilla.platform.Clock;
import flotilla.platform.disk.AtomicFile;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate that nobody else vouches for (etcd's {@code auto-tls}): what is said is encrypted,
 * and who says it is not known. It is kept in a directory, as {@code cert.pem} and {@code key.pem},
 * and made anew when it has ended.
 */
public final class SelfSigned {
    private static final Logger log = LoggerFactory.getLogger(SelfSigned.class);

    private static final int SERIAL_BITS = 127;

    private SelfSigned() {}

    /**
     * The files, made if they are not there or can't be used.
     *
     * @param hosts names and addresses that the certificate is for
     * @param years for how long it is made (etcd's {@code --self-signed-cert-validity})
     */
    public static TlsFiles in(Path directory, Collection<String> hosts, int years, Clock clock)
            throws IOException {
        Pair files = new Pair(directory.resolve("cert.pem"), directory.resolve("key.pem"));
        if (!usable(files, clock)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            make(files, hosts, years, clock.now());
            log.info("made a certificate of our own for {}: {}", hosts, files.certificate());
        }
        return TlsFiles.NONE.withIdentity(files.certificate(), files.key());
    }

    private record Pair(Path certificate, Path key) {}

    private static boolean usable(Pair files, Clock clock) {
        if (!Files.exists(files.certificate()) && !Files.exists(files.key())) {
            return false;
        }
        try {
            Identity.read(files.certificate(), files.key(), clock.now());
            return true;
        } catch (IOException e) {
            log.warn("the certificate of our own is made anew: {}", e.getMessage());
            return false;
        }
    }

    private static void make(Pair files, Collection<String> hosts, int years, Instant now)
            throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            write(files.key(), "PRIVATE KEY", pair.getPrivate().getEncoded());
            write(
                    files.certificate(),
                    "CERTIFICATE",
                    certificate(pair, hosts, years, now).getEncoded());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("make a certificate for " + hosts + ": " + e.getMessage(), e);
        }
    }

    private static X509CertificateHolder certificate(
            KeyPair pair, Collection<String> hosts, int years, Instant now)
            throws IOException, OperatorCreationException {
        X500Name we = new X500Name("O=flotilla");
        Instant end = now.atOffset(ZoneOffset.UTC).plusYears(years).toInstant();
        return new JcaX509v3CertificateBuilder(
                        we,
                        new BigInteger(SERIAL_BITS, new SecureRandom()),
                        Date.from(now),
                        Date.from(end),
                        we,
                        pair.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(
                        Extension.keyUsage,
                        true,
                        new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment))
                .addExtension(
                        Extension.extendedKeyUsage,
                        false,
                        new ExtendedKeyUsage(
                                new KeyPurposeId[] {
                                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                                }))
                .addExtension(Extension.subjectAlternativeName, false, names(hosts))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
    }

    private static GeneralNames names(Collection<String> hosts) {
        return new GeneralNames(
                hosts.stream()
                        .map(host -> {
                            InetAddress address = Subject.literal(host);
                            return address == null
                                    ? new GeneralName(GeneralName.dNSName, host)
                                    : new GeneralName(
                                            GeneralName.iPAddress, address.getHostAddress());
                        })
                        .toArray(GeneralName[]::new));
    }

    private static void write(Path file, String kind, byte[] contents) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter pem = new PemWriter(text)) {
            pem.writeObject(new PemObject(kind, contents));
        }
        AtomicFile.secretAt(file).replace(text.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
