// One JSON object -> one LogRecord or one Rejection.
//
// read() walks the object once and dispatches on its keys; commit() applies the rules that need the
// whole record and adds the outcome to the batch. The first violation in the order of the text is
// the one reported. Unknown keys become properties; where a property of that name exists already,
// the key gets a `_` in front, so that neither value is lost. The rules' field map names further
// keys, also inside of containers, whose values are fields. One thread; buffers are kept between
// records.
#pragma once

#include "shared/base/clock.h"
#include "shared/ingest/field.h"
#include "shared/ingest/json_walk.h"
#include "shared/ingest/line_place.h"
#include "shared/ingest/rules.h"
#include "shared/ingest/structure_index.h"
#include "shared/record/record.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::ingest {

class RecordReader {
 public:
  // For the records that follow. `rules` and `batch` must outlive them; `tenant` is copied.
  void begin(const Rules& rules, Dialect dialect, Timestamp now, std::string_view tenant,
             Batch& batch);

  // The records that follow stand in a body that begins at `origin` and has this place in its
  // input: those without an id get one that always comes out the same. `place.input` must outlive
  // them.
  void derive_ids(const LinePlace& place, const char* origin);

  // Reads the value at the cursor, which should be an object. False when the text is not JSON: then
  // the cursor stands on the place and expected() says what would be right there.
  bool read(Cursor& cursor);
  std::string_view expected() const { return walk_.expected(); }

  // Adds what read() saw. With `check_utf8` the record may hold bytes that are not UTF-8, reported
  // by their distance from `origin`.
  void commit(std::uint32_t index, bool check_utf8, const char* origin);

  // Refuses a line of the body that is no record.
  void reject(std::uint32_t index, std::string_view line, Reason reason, std::string message);

  // Memory kept for the next record, without the index of metadata that came as text.
  std::size_t kept_bytes() const;
  // Gives back what is unusually large. Only between batches.
  void shrink();

 private:
  // A value that goes into properties or device_info.
  struct Piece {
    std::string_view key;      // decoded
    std::string_view raw_key;  // as sent, without quotes
    std::string_view raw;      // the value; empty: absent
    std::string_view text;     // what `token` indexes
    const std::uint32_t* token = nullptr;
    std::size_t first_cut = 0;  // range in walk_.cuts()
    std::size_t end_cut = 0;
    std::size_t underscores = 0;
    bool moved = false;  // some of it became fields
  };

  bool member(Cursor& cursor);
  bool surplus_member(Cursor& cursor);
  bool text(Cursor& cursor, Field field);
  bool timestamp(Cursor& cursor);
  bool sequence_number(Cursor& cursor);
  bool container(Cursor& cursor, std::string_view name, Piece& piece, bool may_be_text);
  bool container_in_text(Cursor& cursor, std::string_view name, Piece& piece);
  bool unknown(Cursor& cursor, std::string_view raw_key, std::string_view key, bool escaped);
  // Whether its cuts leave nothing of it.
  bool is_empty(const Piece& piece) const;
  bool wrong_type(Cursor& cursor, std::string_view field, std::string_view expected);
  bool walk(Cursor& cursor, std::string_view name, std::string_view text, unsigned depth,
            Piece& piece);
  bool move_mapped(std::string_view name, unsigned depth, Piece& piece);
  bool field_value(Cursor& cursor, Field field, std::string_view key);
  void fill_defaults();

  // Refuses the record that read() saw.
  void refuse(Rejection&& rejection);
  void problem(std::string_view field, Reason reason, std::string message);
  void check_required();
  void check_values();
  void check_time();
  void assign_ids();
  void assign_properties();
  void settle_names(const Piece& container);
  std::string_view write(const Piece& piece, char* out) const;
  std::string_view without_cuts(const Piece& piece);
  std::string_view cleaned_message(std::string_view message);
  std::string_view cleaned_service(std::string_view service);
  bool present(Field field) const { return (present_ >> static_cast<unsigned>(field)) & 1U; }

  const Rules* rules_ = nullptr;
  Rules::AgeLimit age_limit_;  // of the tenant at hand
  Batch* batch_ = nullptr;
  Dialect dialect_ = Dialect::native;
  Timestamp now_{};
  LogRecord blank_;
  std::optional<LinePlace> place_;
  const char* origin_ = nullptr;            // of place_
  std::vector<std::string_view> defaults_;  // values, in the order of the field map

  // The record being read.
  LogRecord record_;
  std::string_view whole_;
  std::uint64_t limit_ = 0;  // a record that reaches this offset of its text is too large
  std::string_view level_;
  std::string_view priority_;
  std::optional<Timestamp> timestamp_;
  std::array<Piece, 3> containers_;  // properties, metadata, attributes
  Piece device_info_;
  std::vector<Piece> extras_;
  std::uint32_t present_ = 0;  // by Field: a value other than null was there
  std::optional<Rejection> problem_;

  Walk walk_;
  StructureIndex inner_;  // of metadata that came as text
  std::vector<std::string_view> names_;
  std::string scratch_;
};

}  // namespace logctl::ingest
