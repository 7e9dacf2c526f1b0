package flotilla.cli.start;

import flotilla.platform.disk.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import picocli.CommandLine;

/**
 * The jar that comes first on the class path of commands. Without it they do the same, and slower.
 *
 * <ul>
 *   <li>picocli's classes, rewritten to today's format: they are Java 5's, and an AOT cache takes
 *       none that is older than Java 6's, so each start would read and verify 190 of them.
 *   <li>An empty {@code groovy.lang.Closure}: picocli asks whether there is one, and the JVM would
 *       open every jar there is to answer no.
 *   <li>The pages that {@code --help} prints, see {@link HelpPages}.
 * </ul>
 */
public final class CommandsJar {
    private static final ClassDesc ASKED_FOR = ClassDesc.of("groovy.lang.Closure");

    /** A method's frames are computed anew, for Java 5's classes have none. */
    private static final ClassFile CODE =
            ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(
                            ClassHierarchyResolver.ofResourceParsing(
                                            CommandLine.class.getClassLoader())
                                    .orElse(ClassHierarchyResolver.defaultResolver())));

    private static final ClassTransform MODERN =
            ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
                    .andThen((code, element) -> {
                        if (element instanceof ClassFileVersion) {
                            code.withVersion(ClassFile.JAVA_25_VERSION, 0);
                        } else {
                            code.with(element);
                        }
                    });

    private CommandsJar() {}

    /**
     * @param top every command in full
     */
    public static void write(Path jar, CommandLine top) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(whole);
                JarFile library = new JarFile(libraryOf(CommandLine.class).toFile())) {
            for (JarEntry entry : library.stream().filter(CommandsJar::isClass).toList()) {
                try (InputStream old = library.getInputStream(entry)) {
                    put(out, entry.getName(), modern(old.readAllBytes()));
                }
            }
            put(out, "groovy/lang/Closure.class", CODE.build(ASKED_FOR, empty -> {}));
            for (Map.Entry<String, String> page : HelpPages.of(top).entrySet()) {
                put(
                        out,
                        HelpPages.DIRECTORY + page.getKey(),
                        page.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        AtomicFile.at(jar).unsynced().replace(whole.toByteArray());
    }

    static byte[] modern(byte[] old) {
        return CODE.transformClass(CODE.parse(old), MODERN);
    }

    private static boolean isClass(JarEntry entry) {
        return entry.getName().startsWith("picocli/") && entry.getName().endsWith(".class");
    }

    private static Path libraryOf(Class<?> one) {
        return Path.of(one.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
