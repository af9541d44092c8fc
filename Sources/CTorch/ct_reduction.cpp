#include "ct_support.hpp"

#include "include/ct_reduction.h"

#include <ATen/ops/all.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/amin.h>
#include <ATen/ops/any.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/argmin.h>
#include <ATen/ops/cumsum.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/logsumexp.h>
#include <ATen/ops/max.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/min.h>
#include <ATen/ops/prod.h>
#include <ATen/ops/sort.h>
#include <ATen/ops/std.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/topk.h>
#include <ATen/ops/var.h>

#include <numeric>
#include <string>

using namespace ct;

namespace {

at::OptionalIntArrayRef axes_in(const int64_t *axes, size_t count) {
  return axes ? at::OptionalIntArrayRef(at::IntArrayRef(axes, count)) : at::OptionalIntArrayRef();
}

at::Tensor reduce_all(ct_reduction operation, const at::Tensor &x) {
  switch (operation) {
  case CT_SUM:
    return at::sum(x);
  case CT_MEAN:
    return at::mean(x);
  case CT_MAX:
    return at::max(x);
  case CT_MIN:
    return at::min(x);
  case CT_ANY:
    return at::any(x);
  case CT_ALL:
    return at::all(x);
  case CT_LOGSUMEXP: {
    std::vector<int64_t> every(static_cast<size_t>(x.dim()));
    std::iota(every.begin(), every.end(), 0);
    return at::logsumexp(x, every);
  }
  case CT_PROD:
    return at::prod(x);
  }
  throw ArgumentError("unknown reduction " + std::to_string(static_cast<int>(operation)));
}

at::Tensor reduce_axes(ct_reduction operation, const at::Tensor &x, at::IntArrayRef axes, bool keep) {
  switch (operation) {
  case CT_SUM:
    return at::sum(x, axes, keep);
  case CT_MEAN:
    return at::mean(x, axes, keep);
  case CT_MAX:
    return at::amax(x, axes, keep);
  case CT_MIN:
    return at::amin(x, axes, keep);
  case CT_ANY:
    return at::any(x, at::OptionalIntArrayRef(axes), keep);
  case CT_ALL:
    return at::all(x, at::OptionalIntArrayRef(axes), keep);
  case CT_LOGSUMEXP:
    return at::logsumexp(x, axes, keep);
  case CT_PROD:
    if (axes.size() != 1)
      throw ArgumentError("a product runs over one axis or over all, not over " + std::to_string(axes.size()));
    return at::prod(x, axes[0], keep);
  }
  throw ArgumentError("unknown reduction " + std::to_string(static_cast<int>(operation)));
}

std::optional<int64_t> optional_axis(const int64_t *axis) {
  return axis ? std::optional<int64_t>(*axis) : std::nullopt;
}

} // namespace

ct_status ct_tensor_reduce(ct_tensor **out, ct_reduction operation, const ct_tensor *self, const int64_t *axes,
                           size_t count, bool keep) {
  return guard([&] {
    put(out,
        axes ? reduce_axes(operation, in(self), at::IntArrayRef(axes, count), keep) : reduce_all(operation, in(self)));
  });
}

ct_status ct_tensor_variance(ct_tensor **out, const ct_tensor *self, const int64_t *axes, size_t count,
                             double correction, bool keep, bool square_root) {
  return guard([&] {
    const std::optional<at::Scalar> minus(correction);
    put(out, square_root ? at::std(in(self), axes_in(axes, count), minus, keep)
                         : at::var(in(self), axes_in(axes, count), minus, keep));
  });
}

ct_status ct_tensor_norm(ct_tensor **out, const ct_tensor *self, double order, const int64_t *axes, size_t count,
                         bool keep) {
  return guard([&] { put(out, at::linalg_vector_norm(in(self), order, axes_in(axes, count), keep)); });
}

ct_status ct_tensor_argmax(ct_tensor **out, const ct_tensor *self, const int64_t *axis, bool keep) {
  return guard([&] { put(out, at::argmax(in(self), optional_axis(axis), keep)); });
}

ct_status ct_tensor_argmin(ct_tensor **out, const ct_tensor *self, const int64_t *axis, bool keep) {
  return guard([&] { put(out, at::argmin(in(self), optional_axis(axis), keep)); });
}

ct_status ct_tensor_top(ct_tensor **values, ct_tensor **indices, const ct_tensor *self, int64_t count, int64_t axis,
                        bool largest) {
  return guard([&] { put_pair(values, indices, at::topk(in(self), count, axis, largest, /*sorted=*/true)); });
}

ct_status ct_tensor_sort(ct_tensor **values, ct_tensor **indices, const ct_tensor *self, int64_t axis,
                         bool descending) {
  return guard(
      [&] { put_pair(values, indices, at::sort(in(self), /*stable=*/std::optional<bool>(true), axis, descending)); });
}

ct_status ct_tensor_cumulative_sum(ct_tensor **out, const ct_tensor *self, int64_t axis) {
  return guard([&] { put(out, at::cumsum(in(self), axis)); });
}
