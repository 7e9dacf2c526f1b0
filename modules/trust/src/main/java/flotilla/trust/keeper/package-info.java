/**
 * Keeps what a machine has of its cluster up to date while it runs: its certificates, and who was
 * put out. Read {@link flotilla.trust.keeper.Keeper} first.
 */
@NullMarked
package flotilla.trust.keeper;

import org.jspecify.annotations.NullMarked;
