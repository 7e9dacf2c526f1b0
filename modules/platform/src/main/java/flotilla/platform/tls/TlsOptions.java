package flotilla.platform.tls;

/** All that one end of a connection is told about TLS. */
public record TlsOptions(TlsFiles files, TlsRules rules, TlsProtocol protocol) {
    public static TlsOptions of(TlsFiles files, TlsRules rules) {
        return new TlsOptions(files, rules, TlsProtocol.DEFAULT);
    }
}
