package flotilla.trust.authority;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECPublicKeySpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.jce.spec.ECNamedCurveParameterSpec;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** A machine's key, made on that machine, which it never leaves. */
public record OwnKey(PrivateKey secret, PublicKey open) {
    public static OwnKey generate() {
        KeyPair pair = Keys.generate();
        return new OwnKey(pair.getPrivate(), pair.getPublic());
    }

    /**
     * As {@link #pem} wrote it.
     *
     * @throws IOException when it can't be used
     */
    public static OwnKey parse(String pem) throws IOException {
        try {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(Keys.unwrap("PRIVATE KEY", pem));
            PrivateKey secret = new JcaPEMKeyConverter().getPrivateKey(info);
            ECNamedCurveParameterSpec curve = ECNamedCurveTable.getParameterSpec(Keys.CURVE);
            if (!(secret instanceof ECPrivateKey ec)) {
                throw new IOException("a machine's key must be EC P-256");
            }
            ECPoint point = curve.getG().multiply(ec.getS()).normalize();
            return new OwnKey(
                    secret,
                    KeyFactory.getInstance("EC")
                            .generatePublic(
                                    new ECPublicKeySpec(
                                            new java.security.spec.ECPoint(
                                                    point.getAffineXCoord().toBigInteger(),
                                                    point.getAffineYCoord().toBigInteger()),
                                            ec.getParams())));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException(
                    "this machine's key can't be read (%s): remove it, and join anew"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /** For a file of mode 0600 (PKCS#8, in PEM). */
    public String pem() {
        return Keys.pem("PRIVATE KEY", secret.getEncoded());
    }

    /**
     * A request to certify it (PKCS#10, in PEM), which proves that the asker has the key. It asks
     * for nothing: what the certificate says is not the asker's to choose.
     */
    public String request() {
        try {
            return Keys.pem(
                    "CERTIFICATE REQUEST",
                    new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=asker"), open)
                            .build(new JcaContentSignerBuilder(Keys.SIGNATURE).build(secret))
                            .getEncoded());
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("a key of our own can sign", e);
        }
    }

    /** Without the key: it is for no log. */
    @Override
    public String toString() {
        return "OwnKey";
    }
}
