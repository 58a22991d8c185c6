// How much of the machine a thread asks for. Best effort: a system may say no.
#pragma once

namespace logctl {

// From now on the calling thread gets processor time after the others, and stays so: only a
// privileged process could take it back.
void step_back();
// Whether it has.
bool stepped_back();

// For threads that are made anew once they have stepped back: from now on the calling thread does a
// piece of work that may turn out long ...
void begin_work();
// ... which calls this now and then: when it has taken longer than a short question does, the
// thread steps back. Does nothing on other threads.
void look_at_work();

}  // namespace logctl
