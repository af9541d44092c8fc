// Loops over memory on libtorch's threads.
#pragma once

#include <ATen/TensorIterator.h>
#include <ATen/ops/empty.h>

#include <algorithm>

namespace ct {

// Runs `body(task, first, last)` for tasks of `size` elements each, of which the last may have fewer. What a task takes
// never depends on the number of threads, so that results do not. `at::parallel_for` is a header, and parallel only in
// what is compiled with OpenMP; a walk over a tensor of one element a task is compiled into libtorch.
template <class Body> void for_tasks(int64_t count, int64_t size, Body &&body) {
  const int64_t tasks = (count + size - 1) / size;
  const at::Tensor places = at::empty({tasks}, at::TensorOptions().dtype(at::kChar));
  const char *const start = static_cast<const char *>(places.const_data_ptr());
  at::TensorIterator walk = at::TensorIterator::borrowing_nullary_op(places);
  walk.for_each(
      [&](char **data, const int64_t *, int64_t tasks_here) {
        for (int64_t task = data[0] - start, end = task + tasks_here; task < end; ++task)
          body(task, task * size, std::min(count, (task + 1) * size));
      },
      /*grain_size=*/1);
}

} // namespace ct
