#include "ct_support.hpp"

#include "include/ct_nn.h"

#include <ATen/ops/adaptive_avg_pool1d.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/adaptive_avg_pool3d.h>
#include <ATen/ops/adaptive_max_pool1d.h>
#include <ATen/ops/adaptive_max_pool2d.h>
#include <ATen/ops/adaptive_max_pool3d.h>
#include <ATen/ops/avg_pool1d.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/avg_pool3d.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/conv1d.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv3d.h>
#include <ATen/ops/conv_transpose1d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/conv_transpose3d.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/max_pool1d.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/max_pool3d.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/pad.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/softmax.h>

#include <string>

using namespace ct;

namespace {

// Picks the function for 1, 2 or 3 spatial axes.
template <class One, class Two, class Three>
at::Tensor by_axes(size_t spatial_axes, One &&one, Two &&two, Three &&three) {
  switch (spatial_axes) {
  case 1:
    return one();
  case 2:
    return two();
  case 3:
    return three();
  default:
    throw ArgumentError("1, 2 or 3 spatial axes, not " + std::to_string(spatial_axes));
  }
}

c10::string_view name_of(ct_pad_mode mode) {
  switch (mode) {
  case CT_PAD_CONSTANT:
    return "constant";
  case CT_PAD_REFLECT:
    return "reflect";
  case CT_PAD_REPLICATE:
    return "replicate";
  case CT_PAD_CIRCULAR:
    return "circular";
  }
  throw ArgumentError("unknown padding mode " + std::to_string(static_cast<int>(mode)));
}

} // namespace

ct_status ct_nn_linear(ct_tensor **out, const ct_tensor *input, const ct_tensor *weight, const ct_tensor *bias) {
  return guard([&] { put(out, at::linear(in(input), in(weight), optional_in(bias))); });
}

ct_status ct_nn_convolution(ct_tensor **out, const ct_tensor *input, const ct_tensor *weight, const ct_tensor *bias,
                            const int64_t *stride, const int64_t *padding, const int64_t *dilation, size_t spatial_axes,
                            int64_t groups) {
  return guard([&] {
    const auto &x = in(input);
    const auto &w = in(weight);
    const auto b = optional_in(bias);
    const auto s = ints(stride, spatial_axes), p = ints(padding, spatial_axes), d = ints(dilation, spatial_axes);
    put(out, by_axes(
                 spatial_axes, [&] { return at::conv1d(x, w, b, s, p, d, groups); },
                 [&] { return at::conv2d(x, w, b, s, p, d, groups); },
                 [&] { return at::conv3d(x, w, b, s, p, d, groups); }));
  });
}

ct_status ct_nn_transposed_convolution(ct_tensor **out, const ct_tensor *input, const ct_tensor *weight,
                                       const ct_tensor *bias, const int64_t *stride, const int64_t *padding,
                                       const int64_t *output_padding, const int64_t *dilation, size_t spatial_axes,
                                       int64_t groups) {
  return guard([&] {
    const auto &x = in(input);
    const auto &w = in(weight);
    const auto b = optional_in(bias);
    const auto s = ints(stride, spatial_axes), p = ints(padding, spatial_axes), d = ints(dilation, spatial_axes);
    const auto o = ints(output_padding, spatial_axes);
    put(out, by_axes(
                 spatial_axes, [&] { return at::conv_transpose1d(x, w, b, s, p, o, groups, d); },
                 [&] { return at::conv_transpose2d(x, w, b, s, p, o, groups, d); },
                 [&] { return at::conv_transpose3d(x, w, b, s, p, o, groups, d); }));
  });
}

ct_status ct_nn_batch_norm(ct_tensor **out, const ct_tensor *input, const ct_tensor *weight, const ct_tensor *bias,
                           ct_tensor *running_mean, ct_tensor *running_variance, bool training, double momentum,
                           double epsilon) {
  return guard([&] {
    put(out, at::batch_norm(in(input), optional_in(weight), optional_in(bias), optional_in(running_mean),
                            optional_in(running_variance), training, momentum, epsilon, /*cudnn_enabled=*/true));
  });
}

ct_status ct_nn_layer_norm(ct_tensor **out, const ct_tensor *input, const int64_t *normalized_shape, size_t rank,
                           const ct_tensor *weight, const ct_tensor *bias, double epsilon) {
  return guard([&] {
    put(out, at::layer_norm(in(input), ints(normalized_shape, rank), optional_in(weight), optional_in(bias), epsilon));
  });
}

ct_status ct_nn_group_norm(ct_tensor **out, const ct_tensor *input, int64_t groups, const ct_tensor *weight,
                           const ct_tensor *bias, double epsilon) {
  return guard([&] { put(out, at::group_norm(in(input), groups, optional_in(weight), optional_in(bias), epsilon)); });
}

ct_status ct_nn_gelu(ct_tensor **out, const ct_tensor *input, bool tanh_approximation) {
  return guard([&] { put(out, at::gelu(in(input), tanh_approximation ? "tanh" : "none")); });
}

ct_status ct_nn_leaky_relu(ct_tensor **out, const ct_tensor *input, double slope) {
  return guard([&] { put(out, at::leaky_relu(in(input), slope)); });
}

ct_status ct_nn_softmax(ct_tensor **out, const ct_tensor *input, int64_t axis, bool logarithm) {
  return guard([&] { put(out, logarithm ? at::log_softmax(in(input), axis) : at::softmax(in(input), axis)); });
}

ct_status ct_nn_max_pool(ct_tensor **out, const ct_tensor *input, const int64_t *window, const int64_t *stride,
                         const int64_t *padding, const int64_t *dilation, size_t spatial_axes, bool ceil_mode) {
  return guard([&] {
    const auto &x = in(input);
    const auto w = ints(window, spatial_axes), s = ints(stride, spatial_axes), p = ints(padding, spatial_axes),
               d = ints(dilation, spatial_axes);
    put(out, by_axes(
                 spatial_axes, [&] { return at::max_pool1d(x, w, s, p, d, ceil_mode); },
                 [&] { return at::max_pool2d(x, w, s, p, d, ceil_mode); },
                 [&] { return at::max_pool3d(x, w, s, p, d, ceil_mode); }));
  });
}

ct_status ct_nn_average_pool(ct_tensor **out, const ct_tensor *input, const int64_t *window, const int64_t *stride,
                             const int64_t *padding, size_t spatial_axes, bool ceil_mode, bool count_padding) {
  return guard([&] {
    const auto &x = in(input);
    const auto w = ints(window, spatial_axes), s = ints(stride, spatial_axes), p = ints(padding, spatial_axes);
    put(out, by_axes(
                 spatial_axes, [&] { return at::avg_pool1d(x, w, s, p, ceil_mode, count_padding); },
                 [&] { return at::avg_pool2d(x, w, s, p, ceil_mode, count_padding); },
                 [&] { return at::avg_pool3d(x, w, s, p, ceil_mode, count_padding); }));
  });
}

ct_status ct_nn_adaptive_average_pool(ct_tensor **out, const ct_tensor *input, const int64_t *output,
                                      size_t spatial_axes) {
  return guard([&] {
    const auto &x = in(input);
    const auto size = ints(output, spatial_axes);
    put(out, by_axes(
                 spatial_axes, [&] { return at::adaptive_avg_pool1d(x, size); },
                 [&] { return at::adaptive_avg_pool2d(x, size); }, [&] { return at::adaptive_avg_pool3d(x, size); }));
  });
}

ct_status ct_nn_adaptive_max_pool(ct_tensor **out, const ct_tensor *input, const int64_t *output, size_t spatial_axes) {
  return guard([&] {
    const auto &x = in(input);
    const auto size = ints(output, spatial_axes);
    put(out, by_axes(
                 spatial_axes, [&] { return std::get<0>(at::adaptive_max_pool1d(x, size)); },
                 [&] { return std::get<0>(at::adaptive_max_pool2d(x, size)); },
                 [&] { return std::get<0>(at::adaptive_max_pool3d(x, size)); }));
  });
}

ct_status ct_nn_pad(ct_tensor **out, const ct_tensor *input, const int64_t *amounts, size_t count, ct_pad_mode mode,
                    double value) {
  return guard([&] {
    // libtorch refuses a value with the modes that copy the border.
    const auto fill = mode == CT_PAD_CONSTANT ? std::optional<double>(value) : std::nullopt;
    put(out, at::pad(in(input), ints(amounts, count), name_of(mode), fill));
  });
}

ct_status ct_nn_embedding(ct_tensor **out, const ct_tensor *weight, const ct_tensor *indices, int64_t padding_index) {
  return guard([&] { put(out, at::embedding(in(weight), in(indices), padding_index < 0 ? -1 : padding_index)); });
}

ct_status ct_nn_dropout(ct_tensor **out, const ct_tensor *input, double probability, ct_generator *generator) {
  return guard([&] {
    if (!(probability >= 0 && probability <= 1))
      throw ArgumentError("a dropout probability lies between 0 and 1, not " + std::to_string(probability));
    const at::Tensor &x = in(input);
    // libtorch's own dropout, which takes no generator: native_dropout in ATen/native/Dropout.cpp.
    if (probability == 1)
      return put(out, at::mul(x, 0));
    at::Tensor mask = at::empty_like(x).detach().bernoulli_(1 - probability, in(generator));
    put(out, at::mul(x, mask.div_(1 - probability)));
  });
}

ct_status ct_nn_attention(ct_tensor **out, const ct_tensor *query, const ct_tensor *key, const ct_tensor *value,
                          const ct_tensor *mask, bool causal, const double *scale) {
  return guard([&] {
    put(out, at::scaled_dot_product_attention(in(query), in(key), in(value), optional_in(mask), /*dropout_p=*/0.0,
                                              causal, optional_in(scale)));
  });
}

ct_status ct_nn_cross_entropy(ct_tensor **out, const ct_tensor *logits, const ct_tensor *targets,
                              const ct_tensor *weight, ct_loss_reduction reduction, int64_t ignored_target,
                              double label_smoothing) {
  return guard([&] {
    put(out, at::cross_entropy_loss(in(logits), in(targets), optional_in(weight), to_torch(reduction), ignored_target,
                                    label_smoothing));
  });
}

ct_status ct_nn_mean_squared_error(ct_tensor **out, const ct_tensor *input, const ct_tensor *target,
                                   ct_loss_reduction reduction) {
  return guard([&] { put(out, at::mse_loss(in(input), in(target), to_torch(reduction))); });
}

ct_status ct_nn_binary_cross_entropy_with_logits(ct_tensor **out, const ct_tensor *logits, const ct_tensor *targets,
                                                 ct_loss_reduction reduction) {
  return guard(
      [&] { put(out, at::binary_cross_entropy_with_logits(in(logits), in(targets), {}, {}, to_torch(reduction))); });
}
