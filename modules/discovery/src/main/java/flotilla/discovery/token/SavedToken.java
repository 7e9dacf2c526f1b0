package flotilla.discovery.token;

import java.util.List;

/**
 * One token as a compacted log keeps it.
 *
 * @param created the index at which it was made
 * @param changedMillis when it, or a key of it, last changed; in ms since 1970
 * @param entries all of them, hidden or not
 */
public record SavedToken(
        String name, int size, long created, long changedMillis, List<Entry> entries) {
    public SavedToken {
        entries = List.copyOf(entries);
    }

    public static SavedToken of(Token token) {
        return new SavedToken(
                token.name(), token.size(), token.created(), token.changedMillis(), token.all());
    }

    Token token() {
        Token token = new Token(name, size, created, changedMillis);
        entries.forEach(entry -> token.put(entry, changedMillis));
        return token;
    }
}
