#include "ct_support.hpp"

#include "include/ct_profile.h"

#include <ATen/record_function.h>

#include <chrono>
#include <mutex>
#include <unordered_map>

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
  int open_pairs = 0;
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

ct_status ct_profile_begin(void) {
  return guard([] {
    Totals &all = totals();
    const std::lock_guard lock(all.mutex);
    if (all.open_pairs == 0)
      all.callback = at::addGlobalCallback(at::RecordFunctionCallback(begin, end).scopes(
          {at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION}));
    all.open_pairs += 1;
  });
}

ct_status ct_profile_end(void) {
  return guard([] {
    Totals &all = totals();
    const std::lock_guard lock(all.mutex);
    if (all.open_pairs == 0)
      throw ArgumentError("no profile is open");
    if (all.open_pairs == 1)
      at::removeCallback(all.callback);
    all.open_pairs -= 1;
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
