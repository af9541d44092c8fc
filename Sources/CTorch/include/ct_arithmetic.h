// Element by element: one operand, two operands (broadcast), comparison, selection; and in place.
#ifndef CT_ARITHMETIC_H
#define CT_ARITHMETIC_H

#include "ct_types.h"

CT_BEGIN_DECLARATIONS

typedef enum ct_unary {
  CT_NEG = 0,
  CT_ABS,
  CT_SIGN,
  CT_EXP,
  CT_LOG,
  CT_LOG1P,
  CT_SQRT,
  CT_RSQRT,
  CT_RECIPROCAL,
  CT_SQUARE,
  CT_SIN,
  CT_COS,
  CT_FLOOR,
  CT_CEIL,
  CT_ROUND,
  CT_ERF,
  CT_ISNAN,
  CT_ISFINITE,
  CT_LOGICAL_NOT,
  CT_RELU,
  CT_TANH,
  CT_SIGMOID,
  CT_SILU,
  CT_SOFTPLUS
} ct_unary;

typedef enum ct_binary {
  CT_ADD = 0,
  CT_SUB,
  CT_MUL,
  CT_DIV,
  CT_POW,
  CT_MAXIMUM,
  CT_MINIMUM,
  CT_REMAINDER,
  CT_EQ,
  CT_NE,
  CT_LT,
  CT_LE,
  CT_GT,
  CT_GE,
  CT_LOGICAL_AND,
  CT_LOGICAL_OR
} ct_binary;

ct_status ct_tensor_unary(ct_tensor **out, ct_unary operation, const ct_tensor *self);
ct_status ct_tensor_binary(ct_tensor **out, ct_binary operation, const ct_tensor *self, const ct_tensor *other);
// The scalar keeps the tensor's element type, as a Python number does.
ct_status ct_tensor_binary_scalar(ct_tensor **out, ct_binary operation, const ct_tensor *self, double other);
// number - other
ct_status ct_tensor_subtract_from(ct_tensor **out, double number, const ct_tensor *other);
// NULL bounds are open.
ct_status ct_tensor_clamp(ct_tensor **out, const ct_tensor *self, const double *minimum, const double *maximum);
ct_status ct_tensor_where(ct_tensor **out, const ct_tensor *condition, const ct_tensor *self, const ct_tensor *other);
ct_status ct_tensor_masked_fill(ct_tensor **out, const ct_tensor *self, const ct_tensor *mask, double value);
// input + weight * (end - input)
ct_status ct_tensor_lerp(ct_tensor **out, const ct_tensor *self, const ct_tensor *end, double weight);
ct_status ct_tensor_all_close(bool *out, const ct_tensor *self, const ct_tensor *other, double relative,
                              double absolute);
ct_status ct_tensor_equal(bool *out, const ct_tensor *self, const ct_tensor *other);

// In place: CT_ADD, CT_SUB, CT_MUL, CT_DIV. `scale` multiplies `other` in CT_ADD and CT_SUB and must be 1 elsewhere.
ct_status ct_tensor_binary_in_place(ct_tensor *self, ct_binary operation, const ct_tensor *other, double scale);
ct_status ct_tensor_binary_scalar_in_place(ct_tensor *self, ct_binary operation, double other);
ct_status ct_tensor_fill_in_place(ct_tensor *self, double value);
ct_status ct_tensor_clamp_in_place(ct_tensor *self, const double *minimum, const double *maximum);
ct_status ct_tensor_relu_in_place(ct_tensor *self);

CT_END_DECLARATIONS

#endif
