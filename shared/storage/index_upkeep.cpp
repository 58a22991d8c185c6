#include "shared/storage/index_upkeep.h"

#include "shared/base/error.h"
#include "shared/storage/index_field.h"

#include <algorithm>
#include <exception>
#include <map>
#include <set>
#include <utility>

namespace logctl::storage {
namespace {

constexpr std::chrono::days kOneDay(1);

std::optional<bool> said(std::span<const IndexChoice> choices, const std::string& field,
                         std::chrono::sys_days day) {
  std::optional<bool> general;
  for (const IndexChoice& choice : choices) {
    if (choice.field != field) continue;
    if (choice.day == day) return choice.wanted;
    if (!choice.day) general = choice.wanted;
  }
  return general;
}

bool is_closed(std::chrono::sys_days day, microseconds delay, Timestamp now) {
  return Timestamp(day + kOneDay) + delay <= now;
}

using ByName = std::map<std::string, DayIndex>;

std::map<std::chrono::sys_days, ByName> by_day(std::vector<DayIndex> indexes) {
  std::map<std::chrono::sys_days, ByName> result;
  for (DayIndex& index : indexes) {
    std::string field = index.field;
    result[index.day].emplace(std::move(field), std::move(index));
  }
  return result;
}

}  // namespace

std::vector<std::string> wanted_indexes(std::span<const std::string> configured,
                                        std::span<const IndexChoice> choices,
                                        std::chrono::sys_days day) {
  std::set<std::string> fields;
  for (const std::string& name : configured) fields.insert(parse_index_field(name).name);
  for (const IndexChoice& choice : choices) {
    const auto wanted = said(choices, choice.field, day);
    if (wanted == true) fields.insert(choice.field);
    if (wanted == false) fields.erase(choice.field);
  }
  return {fields.begin(), fields.end()};
}

std::vector<IndexWork> plan_indexes(IndexStore& store, const IndexSettings& settings,
                                    Timestamp now) {
  const std::vector<IndexChoice> choices = store.choices();
  std::map<std::chrono::sys_days, ByName> there = by_day(store.indexes());
  std::map<std::string, bool> possible;
  const auto can_be = [&](const std::string& field) {
    const auto known = possible.find(field);
    if (known != possible.end()) return known->second;
    return possible.emplace(field, !store.obstacle(field)).first->second;
  };
  std::vector<IndexWork> plan;
  std::vector<std::chrono::sys_days> days = store.days();
  std::reverse(days.begin(), days.end());
  for (const std::chrono::sys_days day : days) {
    if (!is_closed(day, settings.delay, now)) continue;
    const ByName& of_day = there[day];
    IndexWork work{day, {}, {}};
    for (const std::string& field : wanted_indexes(settings.fields, choices, day)) {
      const auto index = of_day.find(field);
      const bool right = index != of_day.end() && index->second.state != IndexState::missing &&
                         !index->second.behind;
      if (!right && can_be(field)) work.build.push_back(field);
    }
    for (const auto& [field, index] : of_day) {
      if (said(choices, field, day) == false) work.drop.push_back(field);
    }
    if (!work.build.empty() || !work.drop.empty()) plan.push_back(std::move(work));
  }
  return plan;
}

std::vector<DayIndex> list_indexes(IndexStore& store, const IndexSettings& settings,
                                   Timestamp now) {
  const std::vector<IndexChoice> choices = store.choices();
  std::map<std::chrono::sys_days, ByName> there = by_day(store.indexes());
  for (const std::chrono::sys_days day : store.days()) {
    if (!is_closed(day, microseconds(0), now)) continue;
    for (const std::string& field : wanted_indexes(settings.fields, choices, day)) {
      DayIndex missing;
      missing.day = day;
      missing.field = field;
      there[day].emplace(field, std::move(missing));
    }
  }
  std::vector<DayIndex> result;
  for (auto& [day, indexes] : there) {
    for (auto& [field, index] : indexes) result.push_back(std::move(index));
  }
  return result;
}

IndexResult build_indexes(IndexStore& store, std::span<const IndexWork> plan,
                          const std::function<void(const IndexWork&)>& done) {
  IndexResult result;
  if (plan.empty()) return result;
  const std::unique_ptr<IndexStore::Pass> pass = store.try_pass();
  if (!pass) {
    result.locked = true;
    return result;
  }
  std::exception_ptr first_error;
  for (const IndexWork& work : plan) {
    try {
      for (const std::string& field : work.drop) {
        pass->drop(work.day, field);
        ++result.dropped;
      }
      if (!work.build.empty()) pass->build(work.day, work.build);
      result.built += work.build.size();
      if (done) done(work);
    } catch (const Error&) {
      if (!first_error) first_error = std::current_exception();
    }
  }
  if (first_error) std::rethrow_exception(first_error);
  return result;
}

}  // namespace logctl::storage
