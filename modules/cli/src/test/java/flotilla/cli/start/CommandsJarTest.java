package flotilla.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandsJarTest {
    @TempDir Path directory;
    private Path jar;

    @Command(name = "flotilla", description = "Says what it does.", mixinStandardHelpOptions = true)
    private static final class Top {}

    @BeforeEach
    void write() throws IOException {
        jar = directory.resolve("commands.jar");
        CommandsJar.write(jar, new CommandLine(new Top()));
    }

    @Test
    void picoclis_classes_are_all_there_in_a_format_that_a_cache_takes() throws IOException {
        try (JarFile written = new JarFile(jar.toFile())) {
            List<JarEntry> classes =
                    written.stream().filter(entry -> entry.getName().endsWith(".class")).toList();

            assertThat(classes).extracting(JarEntry::getName).contains("groovy/lang/Closure.class");
            assertThat(classes)
                    .hasSizeGreaterThan(200)
                    .allSatisfy(entry -> {
                        try (InputStream in = written.getInputStream(entry)) {
                            int major = ClassFile.of().parse(in.readAllBytes()).majorVersion();
                            assertThat(major).isEqualTo(ClassFile.JAVA_25_VERSION);
                        }
                    });
        }
    }

    /** A class whose frames are wrong fails when it is initialized. */
    @Test
    void a_jvm_verifies_each_of_them() throws Exception {
        URL[] alone = {jar.toUri().toURL()};
        try (JarFile written = new JarFile(jar.toFile());
                URLClassLoader loader = new URLClassLoader(alone, platform())) {
            for (JarEntry entry : written.stream().toList()) {
                String name = entry.getName().replace('/', '.');
                // Those that stand on Groovy itself are nobody's here.
                if (name.endsWith(".class") && !name.contains("groovy")) {
                    Class<?> one = Class.forName(name.replace(".class", ""), true, loader);
                    assertThat(one.getClassLoader()).isSameAs(loader);
                }
            }
        }
    }

    private static ClassLoader platform() {
        return ClassLoader.getPlatformClassLoader();
    }

    @Test
    void it_holds_the_page_of_each_command_with_and_without_colours() throws IOException {
        assertThat(text("flotilla.txt")).isEqualTo(usage(CommandLine.Help.Ansi.OFF));
        assertThat(text("flotilla.ansi"))
                .isEqualTo(usage(CommandLine.Help.Ansi.ON))
                .contains("\u001B[");
    }

    private static String usage(CommandLine.Help.Ansi ansi) {
        return new CommandLine(new Top()).getUsageMessage(ansi);
    }

    private String text(String page) throws IOException {
        try (JarFile written = new JarFile(jar.toFile());
                InputStream in =
                        written.getInputStream(written.getEntry(HelpPages.DIRECTORY + page))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
