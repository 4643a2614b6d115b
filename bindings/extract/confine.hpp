// What the worker takes away from itself before it reads a byte of mail. One implementation per platform.
#pragma once

namespace phiscan::extract {

// Limits on memory, files and descriptors, no core dumps, freed memory overwritten. False when a limit could not be set.
[[nodiscard]] bool confine_process();

// Ends the process when a mail takes absurdly long and the parent, whose watchdog should have acted, is gone.
void arm_orphan_timer(bool armed);

} // namespace phiscan::extract
