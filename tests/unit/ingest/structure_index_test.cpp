#include "shared/ingest/structure_index.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"

#include <string_view>

using namespace logctl;
using logctl::ingest::StructureIndex;

TEST_CASE("structure index: a text too large to index is an overload, not a defect", "[ingest]") {
  // The size alone is refused: nothing of the text is read.
  const char start[] = "{}";
  StructureIndex index;
  try {
    index.build(std::string_view(start, std::size_t{5} << 30U));
    FAIL("an index over 5 GiB was made");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::overloaded);
    CHECK(error.message() == "no memory to index 5368709120 bytes of JSON");
  }
  CHECK(index.build(std::string_view(start, 2)));
}
