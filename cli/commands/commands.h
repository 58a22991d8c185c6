// The define function of every command; each lives in the file of its name.
#pragma once

#include "cli/command.h"

namespace logctl::cli {

void define_backup(Arguments app, Program& program);
void define_complete(Arguments app, Program& program);
void define_completions(Arguments app, Program& program);
void define_config(Arguments app, Program& program);
void define_delete(Arguments app, Program& program);
void define_doctor(Arguments app, Program& program);
void define_export(Arguments app, Program& program);
void define_facets(Arguments app, Program& program);
void define_fields(Arguments app, Program& program);
void define_generate(Arguments app, Program& program);
void define_health(Arguments app, Program& program);
void define_help(Arguments app, Program& program);
void define_hits(Arguments app, Program& program);
void define_index(Arguments app, Program& program);
void define_ingest(Arguments app, Program& program);
void define_keys(Arguments app, Program& program);
void define_maintenance(Arguments app, Program& program);
void define_migrate(Arguments app, Program& program);
void define_namespaces(Arguments app, Program& program);
void define_patterns(Arguments app, Program& program);
void define_partitions(Arguments app, Program& program);
void define_query(Arguments app, Program& program);
void define_rejects(Arguments app, Program& program);
void define_retention(Arguments app, Program& program);
void define_serve(Arguments app, Program& program);
void define_spool(Arguments app, Program& program);
void define_stats(Arguments app, Program& program);
void define_status(Arguments app, Program& program);
void define_streams(Arguments app, Program& program);
void define_systemd(Arguments app, Program& program);
void define_tail(Arguments app, Program& program);
void define_version(Arguments app, Program& program);

}  // namespace logctl::cli
