#include "shared/ingest/rules.h"

#include "tests/support/catch.h"

using namespace logctl;
using logctl::ingest::Rules;

TEST_CASE("rules: the smaller of the two ages counts, and which one it was is known", "[ingest]") {
  using std::chrono::hours;
  struct Row {
    microseconds max_age, retention, expected;
    bool is_retention;
  };
  for (const Row& row :
       {Row{hours(0), hours(0), hours(0), false}, Row{hours(5), hours(0), hours(5), false},
        Row{hours(0), hours(7), hours(7), true}, Row{hours(5), hours(7), hours(5), false},
        Row{hours(7), hours(5), hours(5), true}}) {
    config::Config config;
    config.ingest.max_age = row.max_age;
    config.retention.max_age = row.retention;
    const Rules rules(config);
    CHECK(rules.max_age == row.expected);
    CHECK(rules.age_is_retention == row.is_retention);
  }
}

TEST_CASE("rules: secret-like keys are known in every case, and only whole", "[ingest]") {
  config::Config config;
  config.ingest.drop_keys = {"password", "Api_Key", "", std::string(70, 'k')};
  const Rules rules(config);
  for (const std::string key : {"password", "PASSWORD", "PassWord", "api_key", "Api_Key"}) {
    CHECK(rules.drops(key));
  }
  CHECK(rules.drops(std::string(70, 'K')));
  for (const std::string key :
       {"", "p", "passwor", "passwords", "my_password", "api-key", "0ass"}) {
    CHECK_FALSE(rules.drops(key));
  }
  CHECK_FALSE(rules.drops(std::string(71, 'k')));
  config.ingest.drop_keys.clear();
  CHECK_FALSE(Rules(config).drops("password"));
}

TEST_CASE("rules: the limits are the configuration's", "[ingest]") {
  config::Config config;
  config.ingest.max_batch_records = 7;
  config.ingest.max_record_bytes = 8;
  config.ingest.max_message_bytes = 9;
  config.ingest.max_depth = 10;
  config.ingest.max_future = seconds(11);
  config.ingest.event_types = {"a", "b"};
  const Rules rules(config);
  CHECK(rules.max_batch_records == 7);
  CHECK(rules.max_record_bytes == 8);
  CHECK(rules.max_message_bytes == 9);
  CHECK(rules.max_depth == 10);
  CHECK(rules.max_future == seconds(11));
  CHECK(rules.event_types == config.ingest.event_types);
}

TEST_CASE("rules: what the retention in the store would delete at once is too old", "[ingest]") {
  using std::chrono::days;
  const Timestamp now{};
  config::Config config;
  config.retention.default_age = days(30);
  ingest::Rules rules(config);
  CHECK(rules.age_limit("anyone").most == microseconds(days(30)));
  CHECK(rules.age_limit("anyone").is_retention);
  rules.limit_ages(maintenance::Policy({maintenance::make_rule("", "level:error", days(90), now),
                                        maintenance::make_rule("", "level:debug", days(3), now),
                                        maintenance::make_rule("small", "", days(7), now)},
                                       days(30)));
  // The longest rule that may keep it counts.
  CHECK(rules.age_limit("anyone").most == microseconds(days(90)));
  CHECK(rules.age_limit("small").most == microseconds(days(90)));
  rules.limit_ages(
      maintenance::Policy({maintenance::make_rule("small", "", days(7), now)}, microseconds(0)));
  CHECK(rules.age_limit("small").most == microseconds(days(7)));
  CHECK(rules.age_limit("anyone").most.count() == 0);
  rules.limit_ages(maintenance::Policy({maintenance::make_rule("", "level:debug", days(3), now)},
                                       microseconds(0)));
  CHECK(rules.age_limit("anyone").most.count() == 0);  // others are kept for ever
}
