// The define function of every command; each lives in the file of its name.
#pragma once

#include "cli/command.h"

namespace logctl::cli {

void define_backup(CLI::App& app, Program& program);
void define_complete(CLI::App& app, Program& program);
void define_completions(CLI::App& app, Program& program);
void define_config(CLI::App& app, Program& program);
void define_delete(CLI::App& app, Program& program);
void define_doctor(CLI::App& app, Program& program);
void define_export(CLI::App& app, Program& program);
void define_facets(CLI::App& app, Program& program);
void define_fields(CLI::App& app, Program& program);
void define_generate(CLI::App& app, Program& program);
void define_health(CLI::App& app, Program& program);
void define_help(CLI::App& app, Program& program);
void define_hits(CLI::App& app, Program& program);
void define_index(CLI::App& app, Program& program);
void define_ingest(CLI::App& app, Program& program);
void define_keys(CLI::App& app, Program& program);
void define_maintenance(CLI::App& app, Program& program);
void define_migrate(CLI::App& app, Program& program);
void define_namespaces(CLI::App& app, Program& program);
void define_patterns(CLI::App& app, Program& program);
void define_partitions(CLI::App& app, Program& program);
void define_query(CLI::App& app, Program& program);
void define_rejects(CLI::App& app, Program& program);
void define_retention(CLI::App& app, Program& program);
void define_serve(CLI::App& app, Program& program);
void define_spool(CLI::App& app, Program& program);
void define_stats(CLI::App& app, Program& program);
void define_status(CLI::App& app, Program& program);
void define_streams(CLI::App& app, Program& program);
void define_systemd(CLI::App& app, Program& program);
void define_tail(CLI::App& app, Program& program);
void define_version(CLI::App& app, Program& program);

}  // namespace logctl::cli
