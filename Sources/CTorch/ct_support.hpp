// What every domain shares: the handles, the guard that keeps exceptions in, and the ways in and out of libtorch types.
#pragma once

#include "ct_version_gate.hpp"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "include/ct_types.h"

namespace ct {

// Counts the handles that Swift holds: a leak is a number that does not come back.
struct Live {
  static std::atomic<int64_t> count;
  static constinit thread_local int64_t count_of_thread; // made minus freed on this thread
  Live() noexcept {
    count.fetch_add(1, std::memory_order_relaxed);
    ++count_of_thread;
  }
  ~Live() {
    count.fetch_sub(1, std::memory_order_relaxed);
    --count_of_thread;
  }
  Live(const Live &) = delete;
  Live &operator=(const Live &) = delete;
};

// Refused here, before libtorch saw it.
struct ArgumentError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

} // namespace ct

struct ct_tensor {
  at::Tensor value;
  ct::Live live;
  explicit ct_tensor(at::Tensor tensor) noexcept : value(std::move(tensor)) {}
};

struct ct_generator {
  at::Generator value;
  ct::Live live;
  explicit ct_generator(at::Generator generator) noexcept : value(std::move(generator)) {}
};

namespace ct {

// The status of the exception in flight; keeps its text for ct_last_error.
ct_status status_of_current_exception() noexcept;

// OpenMP keeps a thread count for each thread, so a count that was set on one thread is applied on each other one
// before it works. 0: never set.
extern std::atomic<int32_t> wanted_thread_count;
extern constinit thread_local int32_t applied_thread_count;
void apply_thread_count();

// Runs a body; whatever it throws becomes a status. Nothing passes this.
template <class Body> ct_status guard(Body &&body) noexcept {
  try {
    if (applied_thread_count != wanted_thread_count.load(std::memory_order_relaxed))
      apply_thread_count();
    std::forward<Body>(body)();
    return CT_OK;
  } catch (...) {
    return status_of_current_exception();
  }
}

template <class T> T &required(T *pointer, const char *name) {
  if (pointer == nullptr)
    throw ArgumentError(std::string(name) + " is NULL");
  return *pointer;
}

inline const at::Tensor &in(const ct_tensor *tensor) { return required(tensor, "a tensor").value; }
inline at::Tensor &in(ct_tensor *tensor) { return required(tensor, "a tensor").value; }
inline at::Generator &in(ct_generator *generator) { return required(generator, "the generator").value; }

inline std::optional<at::Tensor> optional_in(const ct_tensor *tensor) {
  return tensor ? std::optional<at::Tensor>(tensor->value) : std::nullopt;
}

inline std::vector<at::Tensor> list_in(const ct_tensor *const *tensors, size_t count) {
  std::vector<at::Tensor> list;
  list.reserve(count);
  if (count > 0 && tensors == nullptr)
    throw ArgumentError("the tensor list is NULL");
  for (size_t i = 0; i < count; ++i)
    list.push_back(in(tensors[i]));
  return list;
}

inline at::IntArrayRef ints(const int64_t *values, size_t count) {
  if (count > 0)
    required(values, "a list of integers");
  return at::IntArrayRef(values, count);
}

inline std::optional<double> optional_in(const double *value) {
  return value ? std::optional<double>(*value) : std::nullopt;
}

// Makes a handle, then gives it away. Several handles are made first, so that outs are written all or not at all.
inline std::unique_ptr<ct_tensor> handle(at::Tensor tensor) { return std::make_unique<ct_tensor>(std::move(tensor)); }
inline void put(ct_tensor **out, at::Tensor tensor) {
  ct_tensor *&slot = required(out, "out"); // first: the right side of an assignment would run before it
  slot = handle(std::move(tensor)).release();
}
inline void put_pair(ct_tensor **first, ct_tensor **second, std::tuple<at::Tensor, at::Tensor> pair) {
  required(first, "the first out");
  required(second, "the second out");
  auto a = handle(std::move(std::get<0>(pair)));
  auto b = handle(std::move(std::get<1>(pair)));
  *first = a.release();
  *second = b.release();
}

at::ScalarType to_torch(ct_dtype dtype);
ct_dtype from_torch(at::ScalarType dtype) noexcept;
at::Device to_torch(ct_device device); // loads libtorch_cuda on the first CUDA device
ct_device from_torch(const at::Device &device) noexcept;
std::optional<at::MemoryFormat> to_torch(ct_memory_format format); // CT_PRESERVE is none
int64_t to_torch(ct_loss_reduction reduction);

} // namespace ct
