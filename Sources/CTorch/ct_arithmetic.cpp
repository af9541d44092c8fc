#include "ct_support.hpp"

#include "include/ct_arithmetic.h"

#include <ATen/ops/abs.h>
#include <ATen/ops/add.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/ceil.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/cos.h>
#include <ATen/ops/div.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/erf.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/floor.h>
#include <ATen/ops/ge.h>
#include <ATen/ops/gt.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/isnan.h>
#include <ATen/ops/le.h>
#include <ATen/ops/lerp.h>
#include <ATen/ops/log.h>
#include <ATen/ops/log1p.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/logical_not.h>
#include <ATen/ops/logical_or.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/masked_fill.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/ne.h>
#include <ATen/ops/neg.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/reciprocal.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/remainder.h>
#include <ATen/ops/round.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/rsub.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/sign.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/sin.h>
#include <ATen/ops/softplus.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/square.h>
#include <ATen/ops/sub.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/where.h>

#include <cmath>
#include <limits>
#include <string>

using namespace ct;

namespace {

[[noreturn]] void unknown(const char *what, int value) {
  throw ArgumentError(std::string("unknown or unfitting ") + what + " " + std::to_string(value));
}

at::Tensor unary(ct_unary operation, const at::Tensor &x) {
  switch (operation) {
  case CT_NEG:
    return at::neg(x);
  case CT_ABS:
    return at::abs(x);
  case CT_SIGN:
    return at::sign(x);
  case CT_EXP:
    return at::exp(x);
  case CT_LOG:
    return at::log(x);
  case CT_LOG1P:
    return at::log1p(x);
  case CT_SQRT:
    return at::sqrt(x);
  case CT_RSQRT:
    return at::rsqrt(x);
  case CT_RECIPROCAL:
    return at::reciprocal(x);
  case CT_SQUARE:
    return at::square(x);
  case CT_SIN:
    return at::sin(x);
  case CT_COS:
    return at::cos(x);
  case CT_FLOOR:
    return at::floor(x);
  case CT_CEIL:
    return at::ceil(x);
  case CT_ROUND:
    return at::round(x);
  case CT_ERF:
    return at::erf(x);
  case CT_ISNAN:
    return at::isnan(x);
  case CT_ISFINITE:
    return at::isfinite(x);
  case CT_LOGICAL_NOT:
    return at::logical_not(x);
  case CT_RELU:
    return at::relu(x);
  case CT_TANH:
    return at::tanh(x);
  case CT_SIGMOID:
    return at::sigmoid(x);
  case CT_SILU:
    return at::silu(x);
  case CT_SOFTPLUS:
    return at::softplus(x);
  }
  unknown("unary operation", operation);
}

// What Tensor and Scalar operands share.
template <class Other>
std::optional<at::Tensor> common_binary(ct_binary operation, const at::Tensor &a, const Other &b) {
  switch (operation) {
  case CT_ADD:
    return at::add(a, b);
  case CT_SUB:
    return at::sub(a, b);
  case CT_MUL:
    return at::mul(a, b);
  case CT_DIV:
    return at::div(a, b);
  case CT_POW:
    return at::pow(a, b);
  case CT_REMAINDER:
    return at::remainder(a, b);
  case CT_EQ:
    return at::eq(a, b);
  case CT_NE:
    return at::ne(a, b);
  case CT_LT:
    return at::lt(a, b);
  case CT_LE:
    return at::le(a, b);
  case CT_GT:
    return at::gt(a, b);
  case CT_GE:
    return at::ge(a, b);
  default:
    return std::nullopt;
  }
}

at::Tensor binary(ct_binary operation, const at::Tensor &a, const at::Tensor &b) {
  if (auto result = common_binary(operation, a, b))
    return *std::move(result);
  switch (operation) {
  case CT_MAXIMUM:
    return at::maximum(a, b);
  case CT_MINIMUM:
    return at::minimum(a, b);
  case CT_LOGICAL_AND:
    return at::logical_and(a, b);
  case CT_LOGICAL_OR:
    return at::logical_or(a, b);
  default:
    unknown("binary operation", operation);
  }
}

// A whole number stays one, so that int64 tensor + 1 is an int64 tensor.
at::Scalar scalar(double value, const at::Tensor &beside) {
  constexpr double largest_exact = 9007199254740992.0; // 2^53
  const bool whole = std::isfinite(value) && value == std::trunc(value) && std::abs(value) <= largest_exact;
  if (whole && at::isIntegralType(beside.scalar_type(), /*includeBool=*/true))
    return at::Scalar(static_cast<int64_t>(value));
  return at::Scalar(value);
}

at::Tensor binary_scalar(ct_binary operation, const at::Tensor &a, double b) {
  const at::Scalar other = scalar(b, a);
  if (auto result = common_binary(operation, a, other))
    return *std::move(result);
  switch (operation) {
  case CT_MAXIMUM:
    return at::clamp(a, other, std::nullopt);
  case CT_MINIMUM:
    return at::clamp(a, std::nullopt, other);
  default:
    unknown("operation with a number", operation);
  }
}

std::optional<at::Scalar> bound(const double *value, const at::Tensor &beside) {
  return value ? std::optional<at::Scalar>(scalar(*value, beside)) : std::nullopt;
}

} // namespace

ct_status ct_tensor_unary(ct_tensor **out, ct_unary operation, const ct_tensor *self) {
  return guard([&] { put(out, unary(operation, in(self))); });
}

ct_status ct_tensor_binary(ct_tensor **out, ct_binary operation, const ct_tensor *self, const ct_tensor *other) {
  return guard([&] { put(out, binary(operation, in(self), in(other))); });
}

ct_status ct_tensor_binary_scalar(ct_tensor **out, ct_binary operation, const ct_tensor *self, double other) {
  return guard([&] { put(out, binary_scalar(operation, in(self), other)); });
}

ct_status ct_tensor_subtract_from(ct_tensor **out, double number, const ct_tensor *other) {
  return guard([&] { put(out, at::rsub(in(other), scalar(number, in(other)))); });
}

ct_status ct_tensor_clamp(ct_tensor **out, const ct_tensor *self, const double *minimum, const double *maximum) {
  return guard([&] {
    const at::Tensor &x = in(self);
    put(out, at::clamp(x, bound(minimum, x), bound(maximum, x)));
  });
}

ct_status ct_tensor_where(ct_tensor **out, const ct_tensor *condition, const ct_tensor *self, const ct_tensor *other) {
  return guard([&] { put(out, at::where(in(condition), in(self), in(other))); });
}

ct_status ct_tensor_masked_fill(ct_tensor **out, const ct_tensor *self, const ct_tensor *mask, double value) {
  return guard([&] { put(out, at::masked_fill(in(self), in(mask), scalar(value, in(self)))); });
}

ct_status ct_tensor_lerp(ct_tensor **out, const ct_tensor *self, const ct_tensor *end, double weight) {
  return guard([&] { put(out, at::lerp(in(self), in(end), weight)); });
}

ct_status ct_tensor_all_close(bool *out, const ct_tensor *self, const ct_tensor *other, double relative,
                              double absolute) {
  return guard([&] { required(out, "out") = at::allclose(in(self), in(other), relative, absolute); });
}

ct_status ct_tensor_equal(bool *out, const ct_tensor *self, const ct_tensor *other) {
  return guard([&] { required(out, "out") = at::equal(in(self), in(other)); });
}

ct_status ct_tensor_binary_in_place(ct_tensor *self, ct_binary operation, const ct_tensor *other, double scale) {
  return guard([&] {
    at::Tensor &x = in(self);
    const at::Tensor &y = in(other);
    if (scale != 1 && operation != CT_ADD && operation != CT_SUB)
      throw ArgumentError("only addition and subtraction in place take a scale");
    switch (operation) {
    case CT_ADD:
      x.add_(y, scalar(scale, x));
      return;
    case CT_SUB:
      x.sub_(y, scalar(scale, x));
      return;
    case CT_MUL:
      x.mul_(y);
      return;
    case CT_DIV:
      x.div_(y);
      return;
    default:
      unknown("operation in place", operation);
    }
  });
}

ct_status ct_tensor_binary_scalar_in_place(ct_tensor *self, ct_binary operation, double other) {
  return guard([&] {
    at::Tensor &x = in(self);
    const at::Scalar y = scalar(other, x);
    switch (operation) {
    case CT_ADD:
      x.add_(y);
      return;
    case CT_SUB:
      x.sub_(y);
      return;
    case CT_MUL:
      x.mul_(y);
      return;
    case CT_DIV:
      x.div_(y);
      return;
    default:
      unknown("operation in place", operation);
    }
  });
}

ct_status ct_tensor_fill_in_place(ct_tensor *self, double value) {
  return guard([&] { in(self).fill_(scalar(value, in(self))); });
}

ct_status ct_tensor_clamp_in_place(ct_tensor *self, const double *minimum, const double *maximum) {
  return guard([&] { in(self).clamp_(bound(minimum, in(self)), bound(maximum, in(self))); });
}

ct_status ct_tensor_relu_in_place(ct_tensor *self) {
  return guard([&] { in(self).relu_(); });
}
