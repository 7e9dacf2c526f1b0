package flotilla.conformance.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Relative links of the Markdown files. */
final class Links {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)[^)]*\\)");

    private Links() {}

    static void check(Path file, String name, Consumer<Finding> findings) throws IOException {
        List<String> lines = Files.readAllLines(file);
        Path folder = file.toAbsolutePath().getParent();
        for (int i = 0; folder != null && i < lines.size(); i++) {
            Matcher link = LINK.matcher(lines.get(i));
            while (link.find()) {
                String target = link.group(1);
                String path =
                        target.contains("#") ? target.substring(0, target.indexOf('#')) : target;
                boolean elsewhere = target.contains("://") || target.startsWith("mailto:");
                if (!elsewhere && !path.isEmpty() && !Files.exists(folder.resolve(path))) {
                    findings.accept(
                            new Finding(
                                    "link",
                                    name,
                                    i + 1L,
                                    "link to "
                                            + target
                                            + ", which does not exist: mend or drop it"));
                }
            }
        }
    }
}
