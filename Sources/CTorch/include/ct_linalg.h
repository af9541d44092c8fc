// Products and decompositions of matrices; leading axes are a batch.
#ifndef CT_LINALG_H
#define CT_LINALG_H

#include "ct_types.h"

CT_BEGIN_DECLARATIONS

ct_status ct_tensor_matmul(ct_tensor **out, const ct_tensor *self, const ct_tensor *other);
// Reduced: self[m, n] = q[m, min(m, n)] r[min(m, n), n].
ct_status ct_linalg_qr(ct_tensor **q, ct_tensor **r, const ct_tensor *self);
ct_status ct_linalg_singular_values(ct_tensor **out, const ct_tensor *self);
// Reduced: self = u diag(s) vh.
ct_status ct_linalg_svd(ct_tensor **u, ct_tensor **s, ct_tensor **vh, const ct_tensor *self);
ct_status ct_linalg_symmetric_eigenvalues(ct_tensor **out, const ct_tensor *self);
// Singular values above max(absolute, relative * the largest). NULL both: relative = max(m, n) * epsilon.
ct_status ct_linalg_matrix_rank(ct_tensor **out, const ct_tensor *self, const double *absolute, const double *relative);
ct_status ct_linalg_solve(ct_tensor **out, const ct_tensor *self, const ct_tensor *right);
// argmin ‖self x − right‖.
ct_status ct_linalg_least_squares(ct_tensor **out, const ct_tensor *self, const ct_tensor *right);

CT_END_DECLARATIONS

#endif
