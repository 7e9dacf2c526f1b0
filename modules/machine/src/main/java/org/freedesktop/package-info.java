/**
 * Names that systemd's errors have on the bus, where the D-Bus library looks for them: nothing else
 * of ours stands here. Must never know who catches them. Read {@link org.freedesktop.systemd1}.
 */
@NullMarked
package org.freedesktop;

import org.jspecify.annotations.NullMarked;
