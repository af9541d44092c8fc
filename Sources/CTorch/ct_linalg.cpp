#include "ct_support.hpp"

#include "include/ct_linalg.h"

#include <ATen/ops/linalg_eigvalsh.h>
#include <ATen/ops/linalg_lstsq.h>
#include <ATen/ops/linalg_matrix_rank.h>
#include <ATen/ops/linalg_qr.h>
#include <ATen/ops/linalg_solve.h>
#include <ATen/ops/linalg_svd.h>
#include <ATen/ops/linalg_svdvals.h>
#include <ATen/ops/matmul.h>

using namespace ct;

ct_status ct_tensor_matmul(ct_tensor **out, const ct_tensor *self, const ct_tensor *other) {
  return guard([&] { put(out, at::matmul(in(self), in(other))); });
}

ct_status ct_linalg_qr(ct_tensor **q, ct_tensor **r, const ct_tensor *self) {
  return guard([&] {
    required(q, "q");
    required(r, "r");
    auto [orthogonal, triangular] = at::linalg_qr(in(self), "reduced");
    auto a = handle(std::move(orthogonal));
    auto b = handle(std::move(triangular));
    *q = a.release();
    *r = b.release();
  });
}

ct_status ct_linalg_singular_values(ct_tensor **out, const ct_tensor *self) {
  return guard([&] { put(out, at::linalg_svdvals(in(self))); });
}

ct_status ct_linalg_svd(ct_tensor **u, ct_tensor **s, ct_tensor **vh, const ct_tensor *self) {
  return guard([&] {
    required(u, "u");
    required(s, "s");
    required(vh, "vh");
    auto [left, values, right] = at::linalg_svd(in(self), /*full_matrices=*/false);
    auto a = handle(std::move(left));
    auto b = handle(std::move(values));
    auto c = handle(std::move(right));
    *u = a.release();
    *s = b.release();
    *vh = c.release();
  });
}

ct_status ct_linalg_symmetric_eigenvalues(ct_tensor **out, const ct_tensor *self) {
  return guard([&] { put(out, at::linalg_eigvalsh(in(self))); });
}

ct_status ct_linalg_matrix_rank(ct_tensor **out, const ct_tensor *self, const double *absolute,
                                const double *relative) {
  return guard([&] { put(out, at::linalg_matrix_rank(in(self), optional_in(absolute), optional_in(relative))); });
}

ct_status ct_linalg_solve(ct_tensor **out, const ct_tensor *self, const ct_tensor *right) {
  return guard([&] { put(out, at::linalg_solve(in(self), in(right))); });
}

ct_status ct_linalg_least_squares(ct_tensor **out, const ct_tensor *self, const ct_tensor *right) {
  return guard([&] { put(out, std::get<0>(at::linalg_lstsq(in(self), in(right)))); });
}
