#include "shared/base/process.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"

#include <string>

using namespace logctl;

TEST_CASE("base: a program's status and its last words come back", "[base]") {
  const ProgramEnd end =
      run_program({{"sh", "-c", "echo out; echo \"$WORD\" >&2; exit 3"}, {{"WORD", "a word"}}});
  CHECK(end.status == 3);
  CHECK(end.said == "a word");
  CHECK(run_program({{"sh", "-c", "kill -9 $$"}, {}}).status == 137);
  CHECK(run_program({{"true"}, {}}).said.empty());
}

TEST_CASE("base: a program that says a lot is heard to its end", "[base]") {
  const ProgramEnd end = run_program(
      {{"sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo line $i >&2; i=$((i+1)); done"}, {}});
  CHECK(end.said.ends_with("line 19999"));
  CHECK(end.said.size() < 100'000);
}

TEST_CASE("base: a program that is not there is an error", "[base]") {
  try {
    run_program({{"/no/such/program"}, {}});
    FAIL("it ran");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::not_found);
    CHECK(error.message().find("/no/such/program") != std::string::npos);
  }
}
