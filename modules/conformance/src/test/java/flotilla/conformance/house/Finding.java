package flotilla.conformance.house;

/**
 * One thing a rule refuses.
 *
 * @param rule the rule's short name, as the exceptions file spells it
 * @param at the file, or {@code file#member}
 * @param line in the file, from 1
 * @param message what is wrong and what to do
 */
record Finding(String rule, String at, long line, String message) {
    @Override
    public String toString() {
        String file = at.contains("#") ? at.substring(0, at.indexOf('#')) : at;
        return file + ":" + line + ": " + message + "  [" + rule + " " + at + "]";
    }
}
