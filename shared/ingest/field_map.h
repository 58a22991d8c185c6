// How foreign JSON becomes records: which of its keys are our fields, and what stands in for fields
// that are absent.
//
// A value, constant once made. What is mapped is moved: it does not appear in the properties. The
// own name of a field that is mapped from elsewhere is a key like any other, so that nothing is
// lost when both are there.
#pragma once

#include "shared/base/clock.h"
#include "shared/ingest/field.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::ingest {

class FieldMap {
 public:
  // A field below a top-level key, such as `user.id`.
  struct Nested {
    Field field;
    std::vector<std::string> keys;  // at least two
  };
  struct Default {
    Field field;
    std::string value;
    std::optional<Timestamp> time;  // of Field::timestamp
  };

  FieldMap() = default;
  // From `field=path` (dotted keys) and `field=value`. Throws Error{usage} for an unknown field
  // (naming the nearest), one that is given twice, or a value that no record could hold.
  FieldMap(std::span<const std::string> maps, std::span<const std::string> defaults);

  bool maps_anything() const { return mapped_ != 0; }
  bool is_mapped(Field field) const {
    return ((mapped_ >> static_cast<unsigned>(field)) & 1U) != 0;
  }
  // What a record's own key means.
  Field field_of(std::string_view key) const;
  std::span<const Nested> nested() const { return nested_; }
  std::span<const Default> defaults() const { return defaults_; }

 private:
  struct Top {
    Field field;
    std::string key;
  };
  void add_map(std::string_view text);
  void add_default(std::string_view text);

  std::uint32_t mapped_ = 0;  // by Field
  std::vector<Top> top_;
  std::vector<Nested> nested_;
  std::vector<Default> defaults_;
};

}  // namespace logctl::ingest
