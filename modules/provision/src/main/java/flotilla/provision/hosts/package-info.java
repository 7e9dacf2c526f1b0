/**
 * Machines that are namespaces of this host: each with its own systemd as PID 1, D-Bus, journal,
 * sshd and Docker where this host has them, its own address on a switch of ours, its own {@code
 * /etc}, {@code /var} and {@code /run}. Their root is a copy-on-write view of this host's, so they
 * have its software and nothing is copied or downloaded. Needs root.
 *
 * <p>They share one kernel and one clock with this host, and what a killed one had not synced is
 * not lost: that takes a virtual machine.
 *
 * <p>Knows nothing of what runs on them. Read {@link flotilla.provision.hosts.HostsProvider} first;
 * what happens between power-on and systemd is in {@code power.sh}.
 */
@NullMarked
package flotilla.provision.hosts;

import org.jspecify.annotations.NullMarked;
