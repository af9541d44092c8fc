// Batch normalisation, an addition and ReLU in one walk over memory, where three operations of libtorch need three.
#include "ct_support.hpp"

#include "include/ct_nn.h"

#include "ct_batch_norm_kernels.hpp"
#include "ct_tasks.hpp"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/native_batch_norm_backward.h>
#include <ATen/ops/threshold_backward.h>
#include <ATen/record_function.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

using namespace ct;

namespace {

constexpr auto layout = at::MemoryFormat::ChannelsLast;

// Rows (images × positions) that one task takes: never dependent on the number of threads, so that results are not.
constexpr int64_t task_rows = 1024;

template <class Body> void for_tasks(int64_t rows, Body &&body) { ct::for_tasks(rows, task_rows, body); }

// Two numbers a channel for each task.
struct Partials {
  Partials(int64_t rows, int64_t channels)
      : channels(channels), tasks((rows + task_rows - 1) / task_rows), all(2 * tasks * channels) {}
  double *first(int64_t task) { return all.data() + 2 * task * channels; }
  double *second(int64_t task) { return first(task) + channels; }

  int64_t channels, tasks;
  std::vector<double> all;
};

class BatchNormReLU : public torch::autograd::Function<BatchNormReLU> {
public:
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &x, const at::Tensor &weight,
                            const at::Tensor &bias, const std::optional<at::Tensor> &added, at::Tensor running_mean,
                            at::Tensor running_variance, double momentum, double epsilon) {
    RECORD_FUNCTION("idinit::batch_norm_relu", c10::ArrayRef<const c10::IValue>{});
    const int64_t channels = x.size(1), rows = x.numel() / channels;
    const float *const in = x.const_data_ptr<float>();
    const float *const other = added ? added->const_data_ptr<float>() : nullptr;
    at::Tensor mean = at::empty({channels}, x.options()), inverse = at::empty({channels}, x.options());
    at::Tensor y = at::empty_like(x, x.options(), layout);

    Partials partials(rows, channels);
    for_tasks(rows, [&](int64_t task, int64_t first, int64_t last) {
      moments(in + first * channels, last - first, channels, partials.first(task), partials.second(task));
    });

    at::Tensor scales = at::empty({channels}, x.options()), shifts = at::empty({channels}, x.options());
    float *const scale = scales.mutable_data_ptr<float>(), *const shift = shifts.mutable_data_ptr<float>();
    float *const means = mean.mutable_data_ptr<float>(), *const inverses = inverse.mutable_data_ptr<float>();
    const float *const weights = weight.const_data_ptr<float>(), *const biases = bias.const_data_ptr<float>();
    float *const seen_means = running_mean.mutable_data_ptr<float>();
    float *const seen_variances = running_variance.mutable_data_ptr<float>();
    for (int64_t c = 0; c < channels; ++c) {
      // Chan, Golub and LeVeque's rule for the moments of two samples together.
      double m = 0, squares = 0, count = 0;
      for (int64_t task = 0; task < partials.tasks; ++task) {
        const double n = static_cast<double>(std::min(rows - task * task_rows, task_rows));
        const double distance = partials.first(task)[c] - m;
        m += distance * n / (count + n);
        squares += partials.second(task)[c] + distance * distance * count * n / (count + n);
        count += n;
      }
      means[c] = static_cast<float>(m);
      inverses[c] = static_cast<float>(1 / std::sqrt(squares / count + epsilon));
      scale[c] = inverses[c] * weights[c];
      shift[c] = static_cast<float>(biases[c] - m * scale[c]);
      seen_means[c] = static_cast<float>(momentum * m + (1 - momentum) * seen_means[c]);
      seen_variances[c] = static_cast<float>(momentum * squares / (count - 1) + (1 - momentum) * seen_variances[c]);
    }
    running_mean.unsafeGetTensorImpl()->bump_version();
    running_variance.unsafeGetTensorImpl()->bump_version();

    float *const out = y.mutable_data_ptr<float>();
    for_tasks(rows, [&](int64_t, int64_t first, int64_t last) {
      const int64_t at = first * channels;
      normalise(in + at, other ? other + at : nullptr, last - first, channels, scale, shift, out + at);
    });

    context->save_for_backward({x, weight, y, mean, inverse, scales, shifts});
    context->saved_data["added"] = added.has_value();
    context->saved_data["epsilon"] = epsilon;
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    RECORD_FUNCTION("idinit::batch_norm_relu_backward", c10::ArrayRef<const c10::IValue>{});
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &y = saved[2], &mean = saved[3], &inverse = saved[4];
    const bool has_added = context->saved_data["added"].toBool();
    if (at::GradMode::is_enabled()) {
      // The gradient itself is to be differentiated: by operations that autograd knows.
      const at::Tensor through = at::threshold_backward(gradients[0], y, 0);
      auto [of_x, of_weight, of_bias] =
          at::native_batch_norm_backward(through, x, weight, {}, {}, mean, inverse, /*train=*/true,
                                         context->saved_data["epsilon"].toDouble(), {true, true, true});
      return {of_x, of_weight, of_bias, has_added ? through : at::Tensor(), {}, {}, {}, {}};
    }

    const int64_t channels = x.size(1), rows = x.numel() / channels;
    const at::Tensor incoming = gradients[0].contiguous(layout);
    at::Tensor of_x = at::empty_like(x, x.options(), layout);
    at::Tensor of_added = has_added ? at::empty_like(x, x.options(), layout) : at::Tensor();
    at::Tensor of_weight = at::empty_like(weight), of_bias = at::empty_like(weight);
    const float *const in = x.const_data_ptr<float>();
    const float *const out = has_added ? y.const_data_ptr<float>() : nullptr;
    const float *const forward_scale = saved[5].const_data_ptr<float>();
    const float *const shift = saved[6].const_data_ptr<float>();
    const float *const gradient = incoming.const_data_ptr<float>();
    float *const through = has_added ? of_added.mutable_data_ptr<float>() : nullptr;
    const float *const means = mean.const_data_ptr<float>(), *const inverses = inverse.const_data_ptr<float>();

    Partials partials(rows, channels);
    for_tasks(rows, [&](int64_t task, int64_t first, int64_t last) {
      const int64_t at = first * channels;
      const Gate gate{out ? out + at : nullptr, forward_scale, shift};
      reduce(gradient + at, gate, in + at, last - first, channels, means, through ? through + at : nullptr,
             partials.first(task), partials.second(task));
    });

    const float *const weights = weight.const_data_ptr<float>();
    float *const weight_gradients = of_weight.mutable_data_ptr<float>();
    float *const bias_gradients = of_bias.mutable_data_ptr<float>();
    std::vector<float> scale(channels), slope(channels), level(channels);
    for (int64_t c = 0; c < channels; ++c) {
      double sum = 0, product = 0;
      for (int64_t task = 0; task < partials.tasks; ++task) {
        sum += partials.first(task)[c];
        product += partials.second(task)[c];
      }
      const double spread = inverses[c];
      weight_gradients[c] = static_cast<float>(product * spread);
      bias_gradients[c] = static_cast<float>(sum);
      scale[c] = static_cast<float>(spread * weights[c]);
      slope[c] = static_cast<float>(-spread * weights[c] * spread * spread * product / static_cast<double>(rows));
      level[c] = static_cast<float>(-spread * weights[c] * sum / static_cast<double>(rows));
    }

    float *const result = of_x.mutable_data_ptr<float>();
    for_tasks(rows, [&](int64_t, int64_t first, int64_t last) {
      const int64_t at = first * channels;
      // Where what passes ReLU has been written, it need not be found again.
      const Gate gate{nullptr, forward_scale, shift};
      propagate(through ? through + at : gradient + at, through ? nullptr : &gate, in + at, last - first, channels,
                means, scale.data(), slope.data(), level.data(), result + at);
    });
    return {of_x, of_weight, of_bias, of_added, {}, {}, {}, {}};
  }
};

bool is_plain(const at::Tensor &t, int64_t channels) {
  return t.device().is_cpu() && t.scalar_type() == at::kFloat && t.dim() == 1 && t.size(0) == channels &&
         t.is_contiguous();
}

// Whether a tensor's memory can be walked as rows of channels.
bool is_rows(const at::Tensor &t) {
  return t.dim() == 4 && t.device().is_cpu() && t.scalar_type() == at::kFloat && t.is_contiguous(layout) &&
         t.size(1) % lanes == 0 && t.size(1) > 0 && t.numel() / t.size(1) > 1;
}

} // namespace

ct_status ct_nn_batch_norm_relu(ct_tensor **out, const ct_tensor *input, const ct_tensor *added,
                                const ct_tensor *weight, const ct_tensor *bias, ct_tensor *running_mean,
                                ct_tensor *running_variance, bool training, double momentum, double epsilon) {
  return guard([&] {
    const at::Tensor &x = in(input);
    const auto w = optional_in(weight), b = optional_in(bias);
    const auto m = optional_in(running_mean), v = optional_in(running_variance), a = optional_in(added);
    if (training && is_rows(x) && (!a || (is_rows(*a) && a->sizes() == x.sizes())) && w && b && m && v &&
        is_plain(*w, x.size(1)) && is_plain(*b, x.size(1)) && is_plain(*m, x.size(1)) && is_plain(*v, x.size(1)))
      return put(out, BatchNormReLU::apply(x, *w, *b, a, *m, *v, momentum, epsilon));
    at::Tensor y = at::batch_norm(x, w, b, m, v, training, momentum, epsilon, /*cudnn_enabled=*/true);
    // The result of a normalisation is needed by no gradient, so it may be overwritten.
    put(out, (a ? y.add_(*a) : y).relu_());
  });
}
