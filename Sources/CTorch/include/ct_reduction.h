// Reductions over some axes or over all of them, and positions of extremes.
#ifndef CT_REDUCTION_H
#define CT_REDUCTION_H

#include "ct_types.h"

CT_BEGIN_DECLARATIONS

typedef enum ct_reduction { CT_SUM = 0, CT_MEAN, CT_MAX, CT_MIN, CT_ANY, CT_ALL, CT_LOGSUMEXP, CT_PROD } ct_reduction;

// `axes` NULL: over all axes, giving a tensor of no axes (then `keep` is ignored). CT_PROD takes one axis or none.
ct_status ct_tensor_reduce(ct_tensor **out, ct_reduction operation, const ct_tensor *self, const int64_t *axes,
                           size_t count, bool keep);
// Divides by n - correction: 1 is PyTorch's default, 0 the population's variance.
ct_status ct_tensor_variance(ct_tensor **out, const ct_tensor *self, const int64_t *axes, size_t count,
                             double correction, bool keep, bool square_root);
// (Σ|x|^order)^(1/order); INFINITY for the largest magnitude.
ct_status ct_tensor_norm(ct_tensor **out, const ct_tensor *self, double order, const int64_t *axes, size_t count,
                         bool keep);
// Position along `axis`, int64; axis NULL: of the flattened tensor.
ct_status ct_tensor_argmax(ct_tensor **out, const ct_tensor *self, const int64_t *axis, bool keep);
ct_status ct_tensor_argmin(ct_tensor **out, const ct_tensor *self, const int64_t *axis, bool keep);
ct_status ct_tensor_top(ct_tensor **values, ct_tensor **indices, const ct_tensor *self, int64_t count, int64_t axis,
                        bool largest);
ct_status ct_tensor_sort(ct_tensor **values, ct_tensor **indices, const ct_tensor *self, int64_t axis, bool descending);
ct_status ct_tensor_cumulative_sum(ct_tensor **out, const ct_tensor *self, int64_t axis);

CT_END_DECLARATIONS

#endif
