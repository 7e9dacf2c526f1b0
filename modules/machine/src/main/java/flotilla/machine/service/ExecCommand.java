package flotilla.machine.service;

import flotilla.units.Specifiers;
import flotilla.units.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One command of an Exec line (systemd.service(5), "Command lines").
 *
 * @param words the program and its arguments, specifiers expanded, variables not yet
 * @param argv0 what the program sees as its own name; the program's path unless {@code @} gave one
 * @param ignoreFailure {@code -}: a failure counts as success
 * @param substitute false after {@code :}: no variables
 * @param privileged {@code +} or {@code !}: not as the unit's User=
 */
public record ExecCommand(
        List<String> words,
        String argv0,
        boolean ignoreFailure,
        boolean substitute,
        boolean privileged) {
    /** Of all arguments: Linux gives them and the environment 2 MiB by default (execve(2)). */
    static final int CHARS_MAX = 2 << 20;

    public ExecCommand {
        words = List.copyOf(words);
    }

    /** All commands of one line; a lone {@code ;} separates them. */
    public static List<ExecCommand> parse(String line, Specifiers specifiers) {
        List<ExecCommand> commands = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (String word : Words.split(line)) {
            if (word.equals(";")) {
                add(commands, words);
                words = new ArrayList<>();
            } else {
                words.add(specifiers.expand(word.equals("\\;") ? ";" : word));
            }
        }
        add(commands, words);
        return commands;
    }

    private static void add(List<ExecCommand> commands, List<String> words) {
        if (words.isEmpty()) {
            return;
        }
        String first = words.getFirst();
        int at = 0;
        while (at < first.length() && "-@:+!|".indexOf(first.charAt(at)) >= 0) {
            at++;
        }
        String prefixes = first.substring(0, at);
        List<String> bare = new ArrayList<>(words);
        bare.set(0, first.substring(at));
        String argv0 = bare.getFirst();
        if (prefixes.contains("@") && bare.size() > 1) {
            argv0 = bare.remove(1);
        }
        if (!bare.getFirst().isEmpty()) {
            boolean privileged = prefixes.contains("+") || prefixes.contains("!");
            commands.add(
                    new ExecCommand(
                            bare,
                            argv0,
                            prefixes.contains("-"),
                            !prefixes.contains(":"),
                            privileged));
        }
    }

    public String program() {
        return words.getFirst();
    }

    /**
     * The program and its arguments with variables in place: <code>${A}</code> anywhere in a word,
     * {@code $A} as a whole word split at blanks (none if unset), {@code $$} for a dollar sign.
     *
     * @return empty when they are longer than {@link #CHARS_MAX} together
     */
    public Optional<List<String>> arguments(Map<String, String> environment) {
        if (!substitute) {
            return Optional.of(words);
        }
        List<String> out = new ArrayList<>();
        out.add(program());
        long left = CHARS_MAX;
        for (String word : words.subList(1, words.size())) {
            boolean whole =
                    word.length() > 1 && word.charAt(0) == '$' && "{$".indexOf(word.charAt(1)) < 0;
            List<String> more =
                    whole
                            ? Words.split(environment.getOrDefault(word.substring(1), ""))
                            : List.of(braced(word, environment, left));
            left -= more.stream().mapToLong(String::length).sum();
            if (left < 0) {
                return Optional.empty();
            }
            out.addAll(more);
        }
        return Optional.of(List.copyOf(out));
    }

    /**
     * @param enough with more characters than that it ends
     */
    private static String braced(String word, Map<String, String> environment, long enough) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < word.length() && out.length() <= enough; i++) {
            char c = word.charAt(i);
            int end = word.startsWith("${", i) ? word.indexOf('}', i) : -1;
            if (end > 0) {
                out.append(environment.getOrDefault(word.substring(i + 2, end), ""));
                i = end;
            } else {
                out.append(c);
                i += word.startsWith("$$", i) ? 1 : 0;
            }
        }
        return out.toString();
    }
}
