package flotilla.machine.job;

import flotilla.units.Specifiers;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Units by what their [Unit] sections say. */
final class WrittenUnits implements Units {
    private final Map<String, Dependencies> files = new LinkedHashMap<>();
    private final Set<String> up = new HashSet<>();

    /**
     * @param section its lines, ended by {@code ;}
     */
    WrittenUnits unit(String name, String section) {
        files.put(
                name,
                Dependencies.of(
                        UnitFile.parse("[Unit]\n" + section.replace(";", "\n")),
                        Specifiers.of(new UnitName(name), Map.of()),
                        new Dependencies.Links(Set.of(), Set.of()),
                        name.endsWith(".target")));
        return this;
    }

    WrittenUnits running(String name, String section) {
        up.add(name);
        return unit(name, section);
    }

    @Override
    public String load(String name) {
        return files.containsKey(name) ? "loaded" : "not-found";
    }

    @Override
    public Dependencies dependencies(String name) {
        return files.getOrDefault(name, Dependencies.NONE);
    }

    @Override
    public boolean isUp(String name) {
        return up.contains(name);
    }

    @Override
    public Set<String> names() {
        return files.keySet();
    }
}
