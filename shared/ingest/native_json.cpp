#include "shared/ingest/native_json.h"

#include "shared/base/json_writer.h"
#include "shared/ingest/record_texts.h"

namespace logctl::ingest {

std::string native_json(const LogRecord& record) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object();
  // A record without a time of its own is told from its repeats by its id alone.
  if (!record.dedup_by_id) writer.field("timestamp", record.timestamp);
  for (const TextRule& rule : kTexts) {
    if (rule.member == nullptr || (record.*rule.member).empty()) continue;
    writer.field(rule.name, record.*rule.member);
  }
  if (record.level != Level::none) writer.field("level", level_name(record.level));
  writer.field("priority", record.priority);
  if (record.sequence_number) writer.field("sequence_number", *record.sequence_number);
  if (!record.properties.empty()) writer.key("properties").raw(record.properties);
  if (!record.device_info.empty()) writer.key("device_info").raw(record.device_info);
  writer.end_object();
  return out;
}

}  // namespace logctl::ingest
