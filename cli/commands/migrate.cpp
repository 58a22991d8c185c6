#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/migrate_actions.h"

#include <memory>

namespace logctl::cli {
namespace {

using migrate::Options;

// A command below `migrate`: its options are added one by one, its action gets their values.
class Leaf {
 public:
  Leaf(Arguments app, Program& program, const char* name, const char* summary,
       int (*action)(Context&, const Options&))
      : leaf_(app.add_subcommand(name, summary)), options_(std::make_shared<Options>()) {
    leaf_.callback([&program, action, options = options_] {
      program.action = [action, options](Context& context) { return action(context, *options); };
    });
  }

  Leaf& to(const char* help) {
    leaf_.add_option("--to", options_->to, help).type_name("VERSION").whole_number(0);
    return *this;
  }
  Leaf& with() {
    leaf_.add_option("--with", options_->with, "also the optional part of this name")
        .one_of({"message-db"})
        .excludes("--to")
        .excludes("--days")
        .excludes("--dir");
    return *this;
  }
  Leaf& without() {
    leaf_
        .add_option("--without", options_->without,
                    "take away the optional part of this name, and nothing else")
        .one_of({"message-db"})
        .excludes("--to")
        .excludes("--steps")
        .excludes("--days")
        .excludes("--dir");
    return *this;
  }
  Leaf& steps() {
    leaf_.add_option("--steps", options_->steps, "how many steps to revert")
        .whole_number(1)
        .type_name("N")
        .excludes("--to");
    return *this;
  }
  Leaf& days() {
    leaf_.add_flag("--days", options_->days, "the day files of a SQLite store only");
    return *this;
  }
  Leaf& directory() {
    leaf_
        .add_option("--dir", options_->directory,
                    "take the steps from this folder, not those compiled in")
        .type_name("DIR");
    return *this;
  }
  Leaf& lock_timeout() {
    leaf_.add_duration("--lock-timeout", options_->lock_timeout,
                       "how long to wait for another run to end, or for a table in use");
    return *this;
  }
  Leaf& dry_run() {
    leaf_.add_flag("-n,--dry-run", options_->dry_run, "print what would be done and leave");
    return *this;
  }
  Leaf& flag(const char* name, bool Options::*member, const char* help) {
    leaf_.add_flag(name, (*options_).*member, help);
    return *this;
  }
  Leaf& created() {
    leaf_.add_option("NAME", options_->name, "what the step adds, in a word or two, like add_users")
        .required();
    leaf_
        .add_option("--dir", options_->directory,
                    "the folder of a store's steps (default: the present one)")
        .type_name("DIR");
    return *this;
  }

 private:
  Arguments leaf_;
  std::shared_ptr<Options> options_;
};

}  // namespace

void define_migrate(Arguments app, Program& program) {
  Leaf(app, program, "up", "apply the steps that are pending", migrate::up)
      .to("stop at this version")
      .days()
      .directory()
      .with()
      .lock_timeout()
      .dry_run();
  Leaf(app, program, "down", "revert steps, newest first", migrate::down)
      .to("the version to go back to; 0 removes everything")
      .steps()
      .days()
      .directory()
      .without()
      .lock_timeout()
      .dry_run()
      .flag("--confirm,--yes", &Options::confirmed, "do it, although data is destroyed");
  Leaf(app, program, "status", "print every step and whether it is applied", migrate::status)
      .days()
      .directory()
      .flag("--exit-code", &Options::exit_code, "leave with 8 when a step is pending or half done");
  Leaf(app, program, "plan", "print the SQL that would run", migrate::plan)
      .to("up or down to this version")
      .days()
      .directory()
      .with();
  Leaf(app, program, "verify", "compare the store with what the applied steps make",
       migrate::verify)
      .days()
      .directory();
  Leaf(app, program, "repair", "make the ledger agree with the steps where the schema does",
       migrate::repair)
      .days()
      .directory()
      .lock_timeout()
      .dry_run()
      .flag("--yes", &Options::confirmed, "do it without being asked");
  Leaf(app, program, "baseline", "record a schema without a ledger as applied", migrate::baseline)
      .to("the version that the store is at; else it is found out")
      .days()
      .directory()
      .lock_timeout()
      .dry_run();
  Leaf(app, program, "create", "make the files of a new step", migrate::create)
      .created()
      .dry_run()
      .flag("--no-transaction", &Options::no_transaction,
            "for statements that cannot be in a transaction");
}

}  // namespace logctl::cli
