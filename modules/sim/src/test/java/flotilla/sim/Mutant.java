package flotilla.sim;

import flotilla.sim.world.Violation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Everything with one line changed: that file is compiled from its source, and all is loaded beside
 * the right code and simulated. So the product needs no switches for bugs, and a bug whose line is
 * no longer there is noticed.
 */
final class Mutant extends ClassLoader {
    private static final Path MODULES = Path.of("..");
    private static final String OURS = "flotilla.";

    private final Map<String, byte[]> changed = new HashMap<>();

    Mutant(PlantedBug.Line line) {
        super(Mutant.class.getClassLoader());
        String file = line.file();
        String right = line.right();
        Path source = source(file);
        try {
            String text = Files.readString(source);
            int at = text.indexOf(right);
            if (at < 0 || text.indexOf(right, at + 1) >= 0) {
                throw new IllegalStateException(
                        file + " must hold this once, to plant a bug there: " + right);
            }
            compile(
                    file,
                    text.substring(0, at) + line.wrong() + text.substring(at + right.length()));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    private static Path source(String file) {
        int slash = file.indexOf('/');
        String module = file.substring(0, slash);
        return MODULES.resolve(module)
                .resolve("src/main/java/flotilla")
                .resolve(module)
                .resolve(file.substring(slash + 1));
    }

    private void compile(String file, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        JavaFileObject text =
                new SimpleJavaFileObject(
                        URI.create("string:///" + file), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-nowarn", "-proc:none");
            boolean compiled =
                    compiler.getTask(
                                    messages,
                                    new InMemory(files),
                                    null,
                                    options,
                                    null,
                                    List.of(text))
                            .call();
            if (!compiled) {
                throw new IllegalStateException("the planted bug doesn't compile: " + messages);
            }
        }
    }

    /** What breaks in a run; empty if nothing does. */
    String violation(long seed, long events) {
        try {
            loadClass(OURS + "sim.Simulation")
                    .getMethod("run", long.class, long.class)
                    .invoke(null, seed, events);
            return "";
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            if (cause == null || !cause.getClass().getName().equals(Violation.class.getName())) {
                throw new IllegalStateException("simulating a mutant", cause);
            }
            return String.valueOf(cause.getMessage());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("simulating a mutant", e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = changed.get(name);
        if (bytes == null) {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                bytes = in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        InMemory(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return new ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            changed.put(name, toByteArray());
                        }
                    };
                }
            };
        }
    }
}
