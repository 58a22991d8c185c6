// How much of the machine a thread asks for.
#pragma once

namespace logctl {

// From now on the calling thread gets processor time after the others. Best effort.
void step_back();

}  // namespace logctl
