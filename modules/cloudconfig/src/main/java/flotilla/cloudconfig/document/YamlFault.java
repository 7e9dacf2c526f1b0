package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Field.Place;

/** A text is no YAML, or is YAML that can't be taken. */
final class YamlFault extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Place place;
    private final String original;
    private final int originalLine;

    /**
     * @param original what the original's YAML library says of it
     * @param originalLine where; that library tells no line of what it finds after parsing, which
     *     coreos-cloudinit tells as line 1
     */
    YamlFault(Place place, String words, String original, int originalLine) {
        super(words);
        this.place = place;
        this.original = original;
        this.originalLine = originalLine;
    }

    /** Found after parsing, told in the same words by both. */
    static YamlFault of(Place place, String words) {
        return new YamlFault(place, words, words, 1);
    }

    Place place() {
        return place;
    }

    String original() {
        return original;
    }

    int originalLine() {
        return originalLine;
    }
}
