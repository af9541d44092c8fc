#include "ct_support.hpp"

#include "include/ct_autograd.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

using namespace ct;

bool ct_tensor_requires_grad(const ct_tensor *self) { return self && self->value.requires_grad(); }
bool ct_tensor_is_leaf(const ct_tensor *self) { return self && self->value.is_leaf(); }

ct_status ct_tensor_requires_grad_set(ct_tensor *self, bool on) {
  return guard([&] { in(self).requires_grad_(on); });
}

ct_status ct_tensor_detach(ct_tensor **out, const ct_tensor *self) {
  return guard([&] { put(out, in(self).detach()); });
}

ct_status ct_tensor_grad(ct_tensor **out, const ct_tensor *self) {
  return guard([&] {
    const at::Tensor &gradient = in(self).grad();
    ct_tensor *&slot = required(out, "out");
    slot = gradient.defined() ? handle(gradient).release() : nullptr;
  });
}

ct_status ct_tensor_grad_set(ct_tensor *self, const ct_tensor *gradient) {
  return guard([&] {
    at::Tensor &x = in(self);
    if (gradient != nullptr) {
      const at::Tensor &g = gradient->value;
      if (g.sizes() != x.sizes() || g.scalar_type() != x.scalar_type() || g.device() != x.device())
        throw ArgumentError("a gradient has the shape, element type and device of its tensor");
    }
    x.mutable_grad() = gradient ? gradient->value : at::Tensor();
  });
}

ct_status ct_autograd_clear(ct_tensor *const *tensors, size_t count) {
  return guard([&] {
    if (count > 0)
      required(tensors, "the tensor list");
    for (size_t i = 0; i < count; ++i)
      in(tensors[i]).mutable_grad() = at::Tensor();
  });
}

ct_status ct_autograd_backward(const ct_tensor *self, const ct_tensor *gradient, bool keep_graph, bool create_graph) {
  return guard([&] {
    torch::autograd::variable_list gradients;
    if (gradient != nullptr)
      gradients.push_back(gradient->value);
    torch::autograd::backward({in(self)}, gradients, keep_graph, create_graph);
  });
}

ct_status ct_autograd_grad(ct_tensor **outs, const ct_tensor *output, const ct_tensor *const *inputs, size_t count,
                           const ct_tensor *gradient, bool keep_graph, bool create_graph, bool allow_unused) {
  return guard([&] {
    if (count > 0)
      required(outs, "outs");
    torch::autograd::variable_list gradients;
    if (gradient != nullptr)
      gradients.push_back(gradient->value);
    const auto result =
        torch::autograd::grad({in(output)}, list_in(inputs, count), gradients, keep_graph, create_graph, allow_unused);
    std::vector<std::unique_ptr<ct_tensor>> made(count);
    for (size_t i = 0; i < count; ++i)
      if (result[i].defined())
        made[i] = handle(result[i]);
    for (size_t i = 0; i < count; ++i)
      outs[i] = made[i].release();
  });
}

bool ct_grad_mode(void) { return at::GradMode::is_enabled(); }
void ct_grad_mode_set(bool on) { at::GradMode::set_enabled(on); }
