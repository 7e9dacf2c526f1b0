package flotilla.proof;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
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
import org.jspecify.annotations.Nullable;

/**
 * Everything of ours with one line changed: that file is compiled from its source, and all is
 * loaded beside the right code. So the product needs no switches for bugs, and a bug whose line is
 * no longer there is noticed.
 */
public final class Mutant extends ClassLoader {
    private static final String OURS = "flotilla.";

    private final Map<String, byte[]> changed = new HashMap<>();

    /**
     * @param source the file, of a class on the class path
     * @param right a text that stands in it once
     * @param wrong what stands there instead
     */
    public Mutant(Path source, String right, String wrong) {
        super(Mutant.class.getClassLoader());
        try {
            String text = Files.readString(source);
            int at = text.indexOf(right);
            if (at < 0 || text.indexOf(right, at + 1) >= 0) {
                throw new IllegalStateException(
                        source + " must hold this once, to plant a bug there: " + right);
            }
            compile(
                    source.toString(),
                    text.substring(0, at) + wrong + text.substring(at + right.length()));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + source, e);
        }
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

    /**
     * Calls a static method, found by its name, of a class of this world.
     *
     * @throws InvocationTargetException what the method throws; its class is of this world too
     */
    public @Nullable Object call(String type, String method, Object... arguments)
            throws InvocationTargetException {
        try {
            for (Method candidate : loadClass(type).getDeclaredMethods()) {
                boolean isStatic = Modifier.isStatic(candidate.getModifiers());
                if (isStatic && candidate.getName().equals(method)) {
                    candidate.setAccessible(true);
                    return candidate.invoke(null, arguments);
                }
            }
        } catch (ClassNotFoundException | IllegalAccessException e) {
            throw new IllegalStateException("calling " + type + "." + method, e);
        }
        throw new IllegalStateException(type + " has no method " + method);
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
