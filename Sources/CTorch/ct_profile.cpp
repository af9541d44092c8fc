#include "ct_support.hpp"

#include "include/ct_profile.h"

#include <ATen/record_function.h>

#include <chrono>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

using namespace ct;

namespace {

using Clock = std::chrono::steady_clock;

struct Total {
  int64_t calls = 0;
  Clock::duration own{};
};

struct Totals {
  std::mutex mutex;
  std::unordered_map<std::string, Total> by_name;
  std::unordered_set<uint64_t> open_pairs;
  uint64_t last_pair = 0;
  at::CallbackHandle callback = at::INVALID_CALLBACK_HANDLE;
};

Totals &totals() {
  // Never destroyed: threads of autograd may still end operations while the process exits.
  static Totals *const all = new Totals;
  return *all;
}

// An operation that runs. Operations of one thread are nested, so the one around it is a list through these.
struct Running final : at::ObserverContext {
  Running() : around(innermost) { innermost = this; }
  ~Running() override {
    if (innermost == this)
      innermost = around;
  }
  Running(const Running &) = delete;
  Running &operator=(const Running &) = delete;

  Running *const around;
  Clock::duration of_inner{}; // what the operations that it called took
  const Clock::time_point start = Clock::now();

  static constinit thread_local Running *innermost;
};

constinit thread_local Running *Running::innermost = nullptr;

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction &) { return std::make_unique<Running>(); }

void end(const at::RecordFunction &operation, at::ObserverContext *context) {
  auto *const running = static_cast<Running *>(context);
  if (running == nullptr || Running::innermost != running)
    return; // one that ended on another thread than it began on
  const Clock::duration whole = Clock::now() - running->start;
  if (running->around != nullptr)
    running->around->of_inner += whole;
  Totals &all = totals();
  const std::lock_guard lock(all.mutex);
  Total &total = all.by_name[operation.name()];
  total.calls += 1;
  total.own += whole - running->of_inner;
}

} // namespace

ct_status ct_profile_begin(uint64_t *out_pair) {
  return guard([&] {
    Totals &all = totals();
    const std::lock_guard lock(all.mutex);
    if (all.open_pairs.empty())
      all.callback = at::addGlobalCallback(at::RecordFunctionCallback(begin, end).scopes(
          {at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION}));
    all.open_pairs.insert(++all.last_pair);
    *out_pair = all.last_pair;
  });
}

ct_status ct_profile_end(uint64_t pair) {
  return guard([&] {
    Totals &all = totals();
    const std::lock_guard lock(all.mutex);
    if (all.open_pairs.erase(pair) == 0)
      throw ArgumentError("this profile is not open");
    if (all.open_pairs.empty())
      at::removeCallback(all.callback);
  });
}

ct_status ct_profile_visit(ct_profile_visitor visit, void *context) {
  return guard([&] {
    if (visit == nullptr)
      throw ArgumentError("the visitor is NULL");
    std::unordered_map<std::string, Total> copy; // so that the visitor may compute
    {
      Totals &all = totals();
      const std::lock_guard lock(all.mutex);
      copy = all.by_name;
    }
    for (const auto &[name, total] : copy)
      visit(context, name.c_str(), total.calls, std::chrono::duration<double>(total.own).count());
  });
}
