#include "ct_support.hpp"

#include "include/ct_optimizer.h"

#include "ct_adadelta_kernel.hpp"
#include "ct_tasks.hpp"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_addcdiv.h>
#include <ATen/ops/_foreach_addcmul.h>
#include <ATen/ops/_foreach_div.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_foreach_sqrt.h>
#include <ATen/ops/_fused_adagrad.h>
#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/_fused_sgd.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros_like.h>
#include <ATen/record_function.h>

#include <algorithm>

using namespace ct;

namespace {

using List = std::vector<at::Tensor>;

// The kernels walk raw memory: a parameter, its gradient and its state must lie in memory in the same order.
at::Tensor in_layout_of(const at::Tensor &parameter, const at::Tensor &tensor) {
  return tensor.strides() == parameter.strides() ? tensor : at::empty_like(parameter).copy_(tensor);
}

// One kind of state (momentum buffers, second moments, …) of the parameters that take part in this step. New tensors
// reach the caller's array in `keep`, after everything has succeeded.
class State {
public:
  State(ct_tensor **slots, const char *name) : slots_(slots), name_(name) {}

  bool absent(size_t i) const { return slot(i) == nullptr; }

  template <class Make> at::Tensor at(size_t i, const at::Tensor &like, Make &&make) {
    const ct_tensor *present = slot(i);
    if (present == nullptr)
      return create(i, make());
    const at::Tensor &value = present->value;
    if (value.sizes() != like.sizes() || value.strides() != like.strides() || value.scalar_type() != like.scalar_type())
      throw ArgumentError(std::string(name_) + " (number " + std::to_string(i) +
                          ") has not the shape, memory layout and element type of its parameter");
    return value;
  }

  // A step count: a float32 tensor of no axes beside the parameter, as torch.optim keeps it for its fused kernels.
  at::Tensor counter(size_t i, const at::Device &device) {
    const ct_tensor *present = slot(i);
    return present ? present->value
                   : create(i, at::scalar_tensor(0, at::TensorOptions().dtype(at::kFloat).device(device)));
  }

  void keep() {
    for (auto &[i, made] : made_)
      slots_[i] = made.release();
  }

private:
  const ct_tensor *slot(size_t i) const {
    if (slots_ == nullptr)
      throw ArgumentError(std::string("the array for ") + name_ + " is NULL");
    return slots_[i];
  }

  at::Tensor create(size_t i, at::Tensor tensor) {
    made_.emplace_back(i, handle(tensor));
    return tensor;
  }

  ct_tensor **slots_;
  const char *name_;
  std::vector<std::pair<size_t, std::unique_ptr<ct_tensor>>> made_;
};

// Parameters of one device and element type, which is what a kernel takes in one call. `first` keeps the parameters
// whose state is new apart, where the kernel treats them differently.
struct Group {
  at::Device device;
  at::ScalarType dtype;
  bool first;
  std::vector<size_t> indices;
  List parameters, gradients;
};

template <class IsFirst> std::vector<Group> groups_of(ct_tensor *const *parameters, size_t count, IsFirst &&is_first) {
  std::vector<Group> groups;
  if (count > 0)
    required(parameters, "the parameter list");
  for (size_t i = 0; i < count; ++i) {
    const at::Tensor &p = in(parameters[i]);
    const at::Tensor &g = p.grad();
    if (!g.defined())
      continue;
    if (!p.is_non_overlapping_and_dense())
      throw ArgumentError("parameter number " + std::to_string(i) +
                          " is a view with gaps; an optimiser needs whole tensors");
    const bool first = is_first(i);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group &each) {
      return each.device == p.device() && each.dtype == p.scalar_type() && each.first == first;
    });
    if (group == groups.end()) {
      groups.push_back({p.device(), p.scalar_type(), first, {}, {}, {}});
      group = groups.end() - 1;
    }
    group->indices.push_back(i);
    group->parameters.push_back(p);
    group->gradients.push_back(in_layout_of(p, g));
  }
  return groups;
}

std::vector<Group> groups_of(ct_tensor *const *parameters, size_t count) {
  return groups_of(parameters, count, [](size_t) { return false; });
}

// A list of the group's state, zeros where it is new.
List zeros_state(State &state, const Group &group) {
  List list;
  list.reserve(group.indices.size());
  for (size_t k = 0; k < group.indices.size(); ++k) {
    const at::Tensor &p = group.parameters[k];
    list.push_back(state.at(group.indices[k], p, [&] { return at::zeros_like(p); }));
  }
  return list;
}

List counters(State &state, const Group &group) {
  List list;
  list.reserve(group.indices.size());
  for (size_t i : group.indices)
    list.push_back(state.counter(i, group.device));
  at::_foreach_add_(list, 1);
  return list;
}

// Elements that one thread takes at a time: their numbers, of all four tensors, fit the second cache.
constexpr int64_t adadelta_task = 1 << 14;

void adadelta_in_one_walk(const Group &group, const List &squares, const List &updates,
                          const AdadeltaSettings &settings) {
  RECORD_FUNCTION("idinit::adadelta", c10::ArrayRef<const c10::IValue>{});
  for (size_t k = 0; k < group.parameters.size(); ++k) {
    const at::Tensor &parameter = group.parameters[k];
    float *const p = parameter.mutable_data_ptr<float>();
    const float *const g = group.gradients[k].const_data_ptr<float>();
    float *const v = squares[k].mutable_data_ptr<float>(), *const u = updates[k].mutable_data_ptr<float>();
    for_tasks(parameter.numel(), adadelta_task, [&](int64_t, int64_t first, int64_t last) {
      adadelta(p + first, g + first, v + first, u + first, last - first, settings);
    });
    // Autograd must see that what it saved of them has changed, as operations of libtorch let it.
    for (const at::Tensor &tensor : {parameter, squares[k], updates[k]})
      if (!tensor.is_inference())
        tensor.unsafeGetTensorImpl()->bump_version();
  }
}

} // namespace

ct_status ct_optimizer_sgd(ct_tensor *const *parameters, size_t count, ct_tensor **momentum_buffers,
                           double learning_rate, double momentum, double dampening, double weight_decay,
                           bool nesterov) {
  return guard([&] {
    const at::NoGradGuard no_grad;
    State buffers(momentum_buffers, "a momentum buffer");
    const bool remembers = momentum != 0;
    for (auto &group : groups_of(parameters, count, [&](size_t i) { return remembers && buffers.absent(i); })) {
      List list;
      if (remembers) {
        list.reserve(group.indices.size());
        for (size_t k = 0; k < group.indices.size(); ++k) {
          const at::Tensor &p = group.parameters[k];
          list.push_back(buffers.at(group.indices[k], p, [&] { return at::empty_like(p); }));
        }
      }
      at::_fused_sgd_(group.parameters, group.gradients, list, weight_decay, momentum, learning_rate, dampening,
                      nesterov, /*maximize=*/false, /*is_first_step=*/group.first);
    }
    buffers.keep();
  });
}

ct_status ct_optimizer_adam(ct_tensor *const *parameters, size_t count, ct_tensor **first_moments,
                            ct_tensor **second_moments, ct_tensor **steps, double learning_rate, double beta1,
                            double beta2, double epsilon, double weight_decay, bool decoupled) {
  return guard([&] {
    const at::NoGradGuard no_grad;
    State first(first_moments, "a first moment"), second(second_moments, "a second moment");
    State step(steps, "a step count");
    for (auto &group : groups_of(parameters, count)) {
      List m = zeros_state(first, group), v = zeros_state(second, group), t = counters(step, group);
      if (decoupled)
        at::_fused_adamw_(group.parameters, group.gradients, m, v, {}, t, learning_rate, beta1, beta2, weight_decay,
                          epsilon, /*amsgrad=*/false, /*maximize=*/false);
      else
        at::_fused_adam_(group.parameters, group.gradients, m, v, {}, t, learning_rate, beta1, beta2, weight_decay,
                         epsilon, /*amsgrad=*/false, /*maximize=*/false);
    }
    first.keep();
    second.keep();
    step.keep();
  });
}

ct_status ct_optimizer_adagrad(ct_tensor *const *parameters, size_t count, ct_tensor **sums, ct_tensor **steps,
                               double learning_rate, double learning_rate_decay, double initial_accumulator,
                               double epsilon, double weight_decay) {
  return guard([&] {
    const at::NoGradGuard no_grad;
    State sum(sums, "a sum of squares"), step(steps, "a step count");
    for (auto &group : groups_of(parameters, count)) {
      List s;
      s.reserve(group.indices.size());
      for (size_t k = 0; k < group.indices.size(); ++k) {
        const at::Tensor &p = group.parameters[k];
        s.push_back(sum.at(group.indices[k], p, [&] { return at::full_like(p, initial_accumulator); }));
      }
      List t = counters(step, group);
      if (group.device.is_cpu()) {
        at::_fused_adagrad_(group.parameters, group.gradients, s, t, learning_rate, learning_rate_decay, weight_decay,
                            epsilon, /*maximize=*/false);
        continue;
      }
      List g = weight_decay == 0 ? group.gradients : at::_foreach_add(group.gradients, group.parameters, weight_decay);
      std::vector<at::Scalar> rates;
      for (const at::Tensor &each : t)
        rates.emplace_back(-learning_rate / (1 + (each.item<double>() - 1) * learning_rate_decay));
      at::_foreach_addcmul_(s, g, g, 1);
      List deviation = at::_foreach_sqrt(s);
      at::_foreach_add_(deviation, epsilon);
      at::_foreach_addcdiv_(group.parameters, g, deviation, rates);
    }
    sum.keep();
    step.keep();
  });
}

ct_status ct_optimizer_adadelta(ct_tensor *const *parameters, size_t count, ct_tensor **square_averages,
                                ct_tensor **accumulated_updates, double learning_rate, double rho, double epsilon,
                                double weight_decay) {
  return guard([&] {
    const at::NoGradGuard no_grad;
    State squares(square_averages, "a square average"), updates(accumulated_updates, "an accumulated update");
    for (auto &group : groups_of(parameters, count)) {
      List v = zeros_state(squares, group), u = zeros_state(updates, group);
      if (group.device.is_cpu() && group.dtype == at::kFloat) {
        adadelta_in_one_walk(group, v, u,
                             {static_cast<float>(learning_rate), static_cast<float>(rho), static_cast<float>(1 - rho),
                              static_cast<float>(epsilon), static_cast<float>(weight_decay)});
        continue;
      }
      List g = weight_decay == 0 ? group.gradients : at::_foreach_add(group.gradients, group.parameters, weight_decay);
      at::_foreach_mul_(v, rho);
      at::_foreach_addcmul_(v, g, g, 1 - rho);
      List deviation = at::_foreach_add(v, epsilon);
      at::_foreach_sqrt_(deviation);
      List delta = at::_foreach_add(u, epsilon);
      at::_foreach_sqrt_(delta);
      at::_foreach_div_(delta, deviation);
      at::_foreach_mul_(delta, g);
      at::_foreach_mul_(u, rho);
      at::_foreach_addcmul_(u, delta, delta, 1 - rho);
      at::_foreach_add_(group.parameters, delta, -learning_rate);
    }
    squares.keep();
    updates.keep();
  });
}

ct_status ct_optimizer_average(ct_tensor *const *averages, ct_tensor *const *values, size_t count, double decay) {
  return guard([&] {
    const at::NoGradGuard no_grad;
    if (count == 0)
      return;
    required(averages, "the list of averages");
    required(values, "the list of values");
    List a, v;
    for (size_t i = 0; i < count; ++i) {
      a.push_back(in(averages[i]));
      v.push_back(in(values[i]));
      if (a.back().sizes() != v.back().sizes())
        throw ArgumentError("average number " + std::to_string(i) + " has not the shape of its value");
    }
    at::_foreach_mul_(a, decay);
    at::_foreach_add_(a, v, 1 - decay);
  });
}

ct_status ct_optimizer_clip_gradients(double *total, ct_tensor *const *parameters, size_t count, double max_norm) {
  return guard([&] {
    const at::NoGradGuard no_grad;
    required(total, "total");
    List gradients;
    if (count > 0)
      required(parameters, "the parameter list");
    for (size_t i = 0; i < count; ++i)
      if (const at::Tensor &g = in(parameters[i]).grad(); g.defined())
        gradients.push_back(g);
    double norm = 0;
    if (!gradients.empty()) {
      norm = at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients, 2))).item<double>();
      if (const double factor = max_norm / (norm + 1e-6); factor < 1)
        at::_foreach_mul_(gradients, factor);
    }
    *total = norm;
  });
}
