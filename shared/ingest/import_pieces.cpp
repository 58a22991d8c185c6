#include "shared/ingest/import_pieces.h"

#include "shared/base/error.h"
#include "shared/base/hash.h"

#include <string>
#include <utility>

namespace logctl::ingest {

bool PieceSource::next(Piece& piece) {
  const Lock lock(mutex_);
  if (file_ == plans_.size()) return false;
  piece.file = file_;
  piece.number = next_number_++;
  try {
    if (!reader_) open();
    while (!reader_->next(piece.lines)) {
      if (next_range()) continue;
      piece.lines = {};
      piece.end_of_file = true;
      reader_.reset();
      ++file_;
      break;
    }
  } catch (...) {
    piece.error = std::current_exception();
    file_ = plans_.size();
  }
  return true;
}

void PieceSource::open() {
  const ImportPlan& plan = plans_[file_];
  reader_.emplace(plan.path, limits_, &cancelled_);
  range_ = 0;
  if (plan.stream && !plan.import.file.head_sha256.empty() &&
      sha256_hex(reader_->first_line()) != plan.import.file.head_sha256) {
    throw Error(ErrorCode::conflict,
                "begins with another line than what import '" + plan.import.id + "' loaded",
                "give what is loaded anew another --import-id");
  }
  if (!plan.import.ranges.empty()) {
    const storage::ImportRange& first = plan.import.ranges.front();
    if (first.begin > 0) {
      reader_->go_to(0, 0, first.begin);
    } else {
      next_range();
    }
  }
}

// Goes behind the next finished range, if there is one.
bool PieceSource::next_range() {
  const std::vector<storage::ImportRange>& ranges = plans_[file_].import.ranges;
  if (range_ == ranges.size()) return false;
  const std::uint64_t begin = ranges[range_].end;
  const std::uint64_t line = reader_->next_line() + ranges[range_].lines;
  ++range_;
  reader_->go_to(begin, line, range_ < ranges.size() ? ranges[range_].begin : LineReader::kNoEnd);
  return true;
}

bool Belt::enter() {
  mutex_.lock();
  while (inside_ == most_ && !stopped_) changed_.wait(mutex_);
  const bool wanted = !stopped_;
  if (wanted) ++inside_;
  mutex_.unlock();
  return wanted;
}

void Belt::parsed(std::unique_ptr<Piece> piece) {
  {
    const Lock lock(mutex_);
    parsed_.push_back(std::move(piece));
  }
  changed_.notify_all();
}

void Belt::parser_ends(bool entered) {
  {
    const Lock lock(mutex_);
    --parsers_;
    if (entered) --inside_;
  }
  changed_.notify_all();
}

std::unique_ptr<Piece> Belt::next_to_append() {
  mutex_.lock();
  while (parsed_.empty() && parsers_ > 0 && !stopped_) changed_.wait(mutex_);
  std::unique_ptr<Piece> piece;
  if (!parsed_.empty() && !stopped_) {
    piece = std::move(parsed_.front());
    parsed_.pop_front();
  }
  mutex_.unlock();
  return piece;
}

void Belt::appended(std::unique_ptr<Piece> piece) {
  {
    const Lock lock(mutex_);
    const std::uint64_t number = piece->number;
    appended_.emplace(number, std::move(piece));
  }
  changed_.notify_all();
}

std::unique_ptr<Piece> Belt::collect() {
  mutex_.lock();
  while (!appended_.contains(next_) && (parsers_ > 0 || inside_ > 0)) changed_.wait(mutex_);
  std::unique_ptr<Piece> piece;
  if (const auto found = appended_.find(next_); found != appended_.end()) {
    piece = std::move(found->second);
    appended_.erase(found);
    ++next_;
    --inside_;
  }
  mutex_.unlock();
  changed_.notify_all();
  return piece;
}

void Belt::stop() {
  {
    const Lock lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
}

std::unique_ptr<Piece> Belt::collect_rest() {
  const Lock lock(mutex_);
  if (appended_.empty()) return nullptr;
  std::unique_ptr<Piece> piece = std::move(appended_.begin()->second);
  appended_.erase(appended_.begin());
  return piece;
}

}  // namespace logctl::ingest
