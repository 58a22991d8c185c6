#include "service/messages/poke_filter.h"

#include "shared/record/stream_name.h"

namespace logctl::messages {

bool PokeFilter::matches(const storage::Poke& poke) const {
  switch (kind) {
    case Kind::stream:
      return poke.stream == name && poke.position >= position;
    case Kind::category: {
      if (category_of(poke.stream) != name) return false;
      if (!group) return true;
      const auto hash = group_hash_of(poke.stream);
      return hash && member_of(*hash, group->size) == group->member;
    }
    case Kind::all:
      break;
  }
  return true;
}

}  // namespace logctl::messages
