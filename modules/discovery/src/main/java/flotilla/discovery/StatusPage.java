package flotilla.discovery;

import flotilla.discovery.token.Entry;
import flotilla.discovery.token.Token;
import flotilla.platform.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A token for people: who has joined, and whether it still is of use. */
final class StatusPage {
    private StatusPage() {}

    static Response of(Token token) {
        List<Entry> members = token.members();
        StringBuilder rows = new StringBuilder();
        for (Entry member : members) {
            rows.append("<li><code>")
                    .append(escape(member.key()))
                    .append("</code> ")
                    .append(escape(member.value()))
                    .append("</li>\n");
        }
        String state =
                members.size() < token.size()
                        ? "waiting for " + (token.size() - members.size()) + " more"
                        : "complete: this token is used up, a new cluster needs a new one";
        String html =
                """
                <!doctype html>
                <html lang="en"><meta charset="utf-8"><title>%d of %d joined</title>
                <h1>%d of %d members have joined</h1>
                <p>%s</p>
                <ol>
                %s</ol></html>
                """
                        .formatted(
                                members.size(),
                                token.size(),
                                members.size(),
                                token.size(),
                                state,
                                rows);
        return new Response.Whole(
                200,
                Map.of(
                        "Content-Type",
                        "text/html; charset=utf-8",
                        "Content-Security-Policy",
                        "default-src 'none'"),
                html.getBytes(StandardCharsets.UTF_8));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
