package flotilla.fleet.agent.loop;

import flotilla.fleet.agent.Fence;
import java.nio.file.Path;

/**
 * @param machineId machine-id(5)
 * @param bootId another one after each boot
 * @param diary the file that remembers which units the init has from fleet
 */
public record AgentConfig(String machineId, String bootId, Path diary, Fence fence) {}
