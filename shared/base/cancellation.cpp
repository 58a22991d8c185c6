#include "shared/base/cancellation.h"

#include "shared/base/error.h"

#include <utility>

namespace logctl {
namespace {

std::shared_ptr<Cancellation>& current() {
  thread_local std::shared_ptr<Cancellation> owner;
  return owner;
}

}  // namespace

void Cancellation::cancel() {
  const Lock lock(mutex_);
  if (cancelled_.exchange(true)) return;
  for (const std::function<void()>* interrupt : running_) (*interrupt)();
}

Cancellation::Scope::Scope(std::shared_ptr<Cancellation> owner)
    : outer_(std::exchange(current(), std::move(owner))) {}

Cancellation::Scope::~Scope() { current() = std::move(outer_); }

bool Cancellation::requested() {
  const auto& owner = current();
  return owner && owner->cancelled();
}

void Cancellation::check() {
  if (requested()) throw Error(ErrorCode::timeout, "cancelled: nobody waits for the answer");
}

Cancellation::Running::Running(std::function<void()> interrupt)
    : owner_(current()), interrupt_(std::move(interrupt)) {
  if (!owner_) return;
  const Lock lock(owner_->mutex_);
  check();
  owner_->running_.push_back(&interrupt_);
}

Cancellation::Running::~Running() {
  if (!owner_) return;
  const Lock lock(owner_->mutex_);
  std::erase(owner_->running_, &interrupt_);
}

}  // namespace logctl
