// What layers compute. Tensors in PyTorch's layouts: weights OI and OIHW, activations NCHW.
#ifndef CT_NN_H
#define CT_NN_H

#include "ct_types.h"

CT_BEGIN_DECLARATIONS

// input[…, in] · weight[out, in]ᵀ + optional bias[out]
ct_status ct_nn_linear(ct_tensor **out, const ct_tensor *input, const ct_tensor *weight, const ct_tensor *bias);

// Spatial axes: 1, 2 or 3, the length of stride, padding and dilation. `bias` is optional.
ct_status ct_nn_convolution(ct_tensor **out, const ct_tensor *input, const ct_tensor *weight, const ct_tensor *bias,
                            const int64_t *stride, const int64_t *padding, const int64_t *dilation, size_t spatial_axes,
                            int64_t groups);
ct_status ct_nn_transposed_convolution(ct_tensor **out, const ct_tensor *input, const ct_tensor *weight,
                                       const ct_tensor *bias, const int64_t *stride, const int64_t *padding,
                                       const int64_t *output_padding, const int64_t *dilation, size_t spatial_axes,
                                       int64_t groups);

// All four of weight, bias, running_mean and running_variance are optional; the running ones are updated in training.
ct_status ct_nn_batch_norm(ct_tensor **out, const ct_tensor *input, const ct_tensor *weight, const ct_tensor *bias,
                           ct_tensor *running_mean, ct_tensor *running_variance, bool training, double momentum,
                           double epsilon);
// relu(batch_norm(input) + added), with `added` (of the input's shape) optional: in training on the CPU, in channels-last
// layout, of a multiple of 16 channels in one walk over memory, else by three operations.
ct_status ct_nn_batch_norm_relu(ct_tensor **out, const ct_tensor *input, const ct_tensor *added,
                                const ct_tensor *weight, const ct_tensor *bias, ct_tensor *running_mean,
                                ct_tensor *running_variance, bool training, double momentum, double epsilon);
ct_status ct_nn_layer_norm(ct_tensor **out, const ct_tensor *input, const int64_t *normalized_shape, size_t rank,
                           const ct_tensor *weight, const ct_tensor *bias, double epsilon);
ct_status ct_nn_group_norm(ct_tensor **out, const ct_tensor *input, int64_t groups, const ct_tensor *weight,
                           const ct_tensor *bias, double epsilon);

ct_status ct_nn_gelu(ct_tensor **out, const ct_tensor *input, bool tanh_approximation);
ct_status ct_nn_leaky_relu(ct_tensor **out, const ct_tensor *input, double slope);
ct_status ct_nn_softmax(ct_tensor **out, const ct_tensor *input, int64_t axis, bool logarithm);

// Spatial axes: 1, 2 or 3.
ct_status ct_nn_max_pool(ct_tensor **out, const ct_tensor *input, const int64_t *window, const int64_t *stride,
                         const int64_t *padding, const int64_t *dilation, size_t spatial_axes, bool ceil_mode);
ct_status ct_nn_average_pool(ct_tensor **out, const ct_tensor *input, const int64_t *window, const int64_t *stride,
                             const int64_t *padding, size_t spatial_axes, bool ceil_mode, bool count_padding);
ct_status ct_nn_adaptive_average_pool(ct_tensor **out, const ct_tensor *input, const int64_t *output,
                                      size_t spatial_axes);
ct_status ct_nn_adaptive_max_pool(ct_tensor **out, const ct_tensor *input, const int64_t *output, size_t spatial_axes);

typedef enum ct_pad_mode { CT_PAD_CONSTANT = 0, CT_PAD_REFLECT, CT_PAD_REPLICATE, CT_PAD_CIRCULAR } ct_pad_mode;
// Two amounts an axis (before, after), last axis first, as torch.nn.functional.pad. `value` for CT_PAD_CONSTANT.
ct_status ct_nn_pad(ct_tensor **out, const ct_tensor *input, const int64_t *amounts, size_t count, ct_pad_mode mode,
                    double value);

// Rows of weight[vocabulary, width]. A padding index < 0 means none; its row gets no gradient.
ct_status ct_nn_embedding(ct_tensor **out, const ct_tensor *weight, const ct_tensor *indices, int64_t padding_index);
// Zeroes each element with probability p and scales the others by 1/(1 − p), drawing from the generator.
ct_status ct_nn_dropout(ct_tensor **out, const ct_tensor *input, double probability, ct_generator *generator);
// softmax(q kᵀ · scale + mask) v. NULL scale: 1/√width. `mask` optional: bool (true takes part) or added numbers.
ct_status ct_nn_attention(ct_tensor **out, const ct_tensor *query, const ct_tensor *key, const ct_tensor *value,
                          const ct_tensor *mask, bool causal, const double *scale);

// logits[N, C, …]; targets int64[N, …] (class numbers) or of the logits' shape (probabilities). `weight`[C] optional.
ct_status ct_nn_cross_entropy(ct_tensor **out, const ct_tensor *logits, const ct_tensor *targets,
                              const ct_tensor *weight, ct_loss_reduction reduction, int64_t ignored_target,
                              double label_smoothing);
ct_status ct_nn_mean_squared_error(ct_tensor **out, const ct_tensor *input, const ct_tensor *target,
                                   ct_loss_reduction reduction);
ct_status ct_nn_binary_cross_entropy_with_logits(ct_tensor **out, const ct_tensor *logits, const ct_tensor *targets,
                                                 ct_loss_reduction reduction);

CT_END_DECLARATIONS

#endif
