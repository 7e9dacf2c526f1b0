package flotilla.trust.authority;

import flotilla.platform.disk.AtomicFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Vouches for who belongs to a cluster: one key, made on its first machine, that never leaves the
 * machines which sign, and stands in no replicated data.
 */
public final class Authority {
    /** It can't vouch for other authorities. */
    private static final int PATH_LENGTH = 0;

    private static final Duration LIFE = Duration.ofDays(3_650);

    /** What its own name begins with; the cluster's follows. */
    private static final String NAME = "cluster ";

    /** Clocks differ: a certificate begins so much before it is made. */
    public static final Duration HEAD_START = Duration.ofMinutes(10);

    /** One that nobody can guess (CA/Browser Forum, 7.1: 64 bits at least). */
    private static final int SERIAL_BITS = 127;

    private static final Path CERTIFICATE = Path.of("ca.pem");
    private static final Path KEY = Path.of("ca-key.pem");

    private final X509Certificate certificate;
    private final PrivateKey key;

    private Authority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * Makes a new one for a cluster.
     *
     * @param cluster its id
     */
    public static Authority create(String cluster, Instant now) {
        KeyPair pair = Keys.generate();
        X500Name name =
                new X500NameBuilder(BCStyle.INSTANCE)
                        .addRDN(BCStyle.O, "flotilla")
                        .addRDN(BCStyle.CN, NAME + cluster)
                        .build();
        try {
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            X509Certificate certificate =
                    new JcaX509CertificateConverter()
                            .getCertificate(
                                    new JcaX509v3CertificateBuilder(
                                                    name,
                                                    serial(),
                                                    Date.from(now.minus(HEAD_START)),
                                                    Date.from(now.plus(LIFE)),
                                                    name,
                                                    pair.getPublic())
                                            .addExtension(
                                                    Extension.basicConstraints,
                                                    true,
                                                    new BasicConstraints(PATH_LENGTH))
                                            .addExtension(
                                                    Extension.keyUsage,
                                                    true,
                                                    new KeyUsage(
                                                            KeyUsage.keyCertSign
                                                                    | KeyUsage.cRLSign))
                                            .addExtension(
                                                    Extension.subjectKeyIdentifier,
                                                    false,
                                                    ids.createSubjectKeyIdentifier(
                                                            pair.getPublic()))
                                            .build(
                                                    new JcaContentSignerBuilder(Keys.SIGNATURE)
                                                            .build(pair.getPrivate())));
            return new Authority(certificate, pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("can't make a certificate authority", e);
        }
    }

    private static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, new SecureRandom());
    }

    /**
     * Keeps it in a directory, which is made with mode 0700: {@code ca.pem} and, with mode 0600,
     * {@code ca-key.pem}. The key first: a certificate without its key would look whole.
     */
    public void keep(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectories(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        AtomicFile.secretAt(directory.resolve(KEY)).replace(keyPem());
        AtomicFile.at(directory.resolve(CERTIFICATE)).replace(pem(certificate));
    }

    /**
     * One that another machine has handed over.
     *
     * @throws IOException when it can't be read, or the key is not the certificate's
     */
    public static Authority of(String certificate, String key) throws IOException {
        try {
            Authority handed = new Authority(certificate(certificate), key(key));
            handed.requireMatch("the key that was handed over");
            return handed;
        } catch (GeneralSecurityException e) {
            throw new IOException("the authority that was handed over can't be read", e);
        }
    }

    /** In PEM: for machines that are to sign too, and for no log. */
    public String keyPem() {
        return Keys.pem("PRIVATE KEY", key.getEncoded());
    }

    private static PrivateKey key(String pem) throws GeneralSecurityException, IOException {
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Keys.unwrap("PRIVATE KEY", pem)));
    }

    /** Whether {@link #keep} has put one there, wholly: it may have been broken off. */
    public static boolean isIn(Path directory) {
        return Files.exists(directory.resolve(CERTIFICATE));
    }

    /**
     * The one that {@link #keep} put there.
     *
     * @throws IOException naming the file that can't be used, and what to do
     */
    public static Authority open(Path directory) throws IOException {
        Path certificate = directory.resolve(CERTIFICATE);
        Path key = directory.resolve(KEY);
        try {
            X509Certificate read = parsed(Files.readAllBytes(certificate));
            Authority authority = new Authority(read, key(Files.readString(key)));
            authority.requireMatch(key.toString());
            return authority;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the authority in %s can't be read (%s): copy %s and %s from another machine that signs"
                            .formatted(directory, e.getMessage(), CERTIFICATE, KEY),
                    e);
        }
    }

    private void requireMatch(String what) throws IOException, GeneralSecurityException {
        Signature signature = Signature.getInstance(Keys.SIGNATURE);
        byte[] words = {1, 2, 3};
        signature.initSign(key);
        signature.update(words);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(words);
        if (!signature.verify(signed)) {
            throw new IOException(
                    "%s is not the key of the authority's certificate beside it: copy both from another machine that signs"
                            .formatted(what));
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** Id of the cluster that it vouches for. */
    public String cluster() {
        String name =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
                        .getRDNs(BCStyle.CN)[0]
                        .getFirst()
                        .getValue()
                        .toString();
        return name.substring(NAME.length());
    }

    /** As its tokens pin it. */
    public byte[] publicKey() {
        return certificate.getPublicKey().getEncoded();
    }

    /**
     * The key in somebody's certificate.
     *
     * @param pem a certificate
     * @throws IOException when it can't be read
     */
    public static byte[] publicKey(String pem) throws IOException {
        return certificate(pem).getPublicKey().getEncoded();
    }

    static X509Certificate certificate(String pem) throws IOException {
        try {
            return parsed(pem.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IOException("this certificate can't be read: " + e.getMessage(), e);
        }
    }

    /** In PEM. */
    public String certificatePem() {
        return pem(certificate);
    }

    static String pem(X509Certificate certificate) {
        try {
            return Keys.pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    /**
     * What a certificate says, if this authority has made it, whether it has ended or not.
     *
     * @throws IOException when it hasn't
     */
    public Certified recognise(String pem) throws IOException {
        try {
            X509Certificate shown = parsed(pem.getBytes(StandardCharsets.US_ASCII));
            shown.verify(certificate.getPublicKey());
            return Certified.of(shown)
                    .orElseThrow(() -> new IOException("that certificate names nobody"));
        } catch (GeneralSecurityException e) {
            throw new IOException("that certificate is not of this cluster's authority", e);
        }
    }

    private static X509Certificate parsed(byte[] pem) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem));
    }

    /** Certifies the key of a request, in PEM. Nothing else of the request counts. */
    public String sign(CertificateRequest request, Profile profile) {
        try {
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            return pem(
                    new JcaX509CertificateConverter()
                            .getCertificate(
                                    new JcaX509v3CertificateBuilder(
                                                    X500Name.getInstance(
                                                            certificate
                                                                    .getSubjectX500Principal()
                                                                    .getEncoded()),
                                                    serial(),
                                                    Date.from(profile.notBefore()),
                                                    Date.from(profile.notAfter()),
                                                    subject(profile),
                                                    request.key())
                                            .addExtension(
                                                    Extension.basicConstraints,
                                                    true,
                                                    new BasicConstraints(false))
                                            .addExtension(
                                                    Extension.keyUsage,
                                                    true,
                                                    new KeyUsage(KeyUsage.digitalSignature))
                                            .addExtension(
                                                    Extension.extendedKeyUsage,
                                                    false,
                                                    new ExtendedKeyUsage(purposes(profile)))
                                            .addExtension(
                                                    Extension.authorityKeyIdentifier,
                                                    false,
                                                    ids.createAuthorityKeyIdentifier(certificate))
                                            .addExtension(
                                                    Extension.subjectAlternativeName,
                                                    false,
                                                    names(profile))
                                            .build(
                                                    new JcaContentSignerBuilder(Keys.SIGNATURE)
                                                            .build(key))));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("can't certify " + profile.identity(), e);
        }
    }

    private static X500Name subject(Profile profile) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "flotilla")
                .addRDN(BCStyle.CN, profile.commonName())
                .build();
    }

    private static KeyPurposeId[] purposes(Profile profile) {
        return profile.kind().serves()
                ? new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}
                : new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
    }

    private static GeneralNames names(Profile profile) {
        Stream<GeneralName> identity =
                Stream.of(
                        new GeneralName(
                                GeneralName.uniformResourceIdentifier,
                                profile.identity().toString()));
        List<String> hosts = profile.kind().serves() ? profile.hosts() : List.of();
        Stream<String> machine =
                profile.kind() == Profile.Kind.MACHINE
                        ? Stream.of(Profile.MACHINE_HOST)
                        : Stream.empty();
        return new GeneralNames(
                Stream.concat(identity, Stream.concat(hosts.stream(), machine).map(Authority::host))
                        .toArray(GeneralName[]::new));
    }

    private static GeneralName host(String host) {
        try {
            return new GeneralName(
                    GeneralName.iPAddress, InetAddress.ofLiteral(host).getHostAddress());
        } catch (IllegalArgumentException name) {
            return new GeneralName(GeneralName.dNSName, host);
        }
    }
}
