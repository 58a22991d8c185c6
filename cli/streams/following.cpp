#include "cli/streams/following.h"

#include <algorithm>

namespace logctl::cli {

storage::MessagePage Following::read() const {
  if (!what_.stream.empty()) {
    storage::StreamRead read;
    read.stream = what_.stream;
    read.position = *next_;
    return source_.read_stream(read);
  }
  storage::CategoryRead read;
  read.category = what_.category;
  read.global_position = *next_;
  return source_.read_category(read);
}

void Following::read_on(const StreamSource::Take& take) {
  bool more = true;
  while (more) {
    const storage::MessagePage page = read();
    for (const storage::Message& message : page.messages) {
      take(message);
      next_ = (what_.stream.empty() ? message.global_position : message.position) + 1;
    }
    more = page.more;
    if (more && what_.stream.empty()) next_ = std::max(*next_, page.next_global_position);
  }
}

}  // namespace logctl::cli
