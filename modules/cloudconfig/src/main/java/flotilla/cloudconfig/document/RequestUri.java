package flotilla.cloudconfig.document;

import java.util.regex.Pattern;

/**
 * What Go's url.ParseRequestURI takes, by which the original judged a discovery URL. That is much:
 * a scheme and anything behind it, or a path; only what can be no part of a URL is refused.
 */
final class RequestUri {
    private static final Pattern SCHEME =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*+):.*+", Pattern.DOTALL);

    /** In a host; beside those RFC 3986 allows, Go takes brackets and quotes. */
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9_.~!$&'()*+,;=:\\[\\]<>\"%[^\\x00-\\x7f]-]*+");

    private static final Pattern USER = Pattern.compile("[A-Za-z0-9._:~!$&'()*+,;=%@-]*+");
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern BAD_HOST_ESCAPE = Pattern.compile("%(?!25)");

    private RequestUri() {}

    static boolean isValid(String uri) {
        if (uri.isEmpty() || uri.startsWith(":")) {
            return false;
        }
        boolean scheme = SCHEME.matcher(uri).matches();
        String rest = scheme ? uri.substring(uri.indexOf(':') + 1) : uri;
        if (!rest.startsWith("/")) {
            return scheme || uri.equals("*");
        }
        int query = rest.indexOf('?');
        String path = query < 0 ? rest : rest.substring(0, query);
        if (scheme && path.startsWith("//")) {
            int slash = path.indexOf('/', 2);
            String authority = path.substring(2, slash < 0 ? path.length() : slash);
            return isAuthority(authority) && (slash < 0 || isPath(path.substring(slash)));
        }
        return isPath(path);
    }

    private static boolean isPath(String path) {
        return !BAD_ESCAPE.matcher(path).find();
    }

    private static boolean isAuthority(String authority) {
        int at = authority.lastIndexOf('@');
        String host = authority.substring(at + 1);
        boolean brackets = !host.startsWith("[") || host.matches("\\[[^\\]]*+](:[0-9]*+)?");
        return brackets
                && HOST.matcher(host).matches()
                && !BAD_HOST_ESCAPE.matcher(host).find()
                && (at < 0 || USER.matcher(authority.substring(0, at)).matches());
    }
}
