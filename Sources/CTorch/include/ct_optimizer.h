// One call a step for a whole parameter list: libtorch's fused kernels, and its foreach operations where it has none.
//
// Every function reads each parameter's gradient and skips the parameters that have none. State arrays are as long as
// `parameters`; an entry that is NULL is created at the parameter's first step and then belongs to the caller. The
// formulas are those of torch.optim.
#ifndef CT_OPTIMIZER_H
#define CT_OPTIMIZER_H

#include "ct_types.h"

CT_BEGIN_DECLARATIONS

// g += weight_decay·p;  b = first ? g : momentum·b + (1 − dampening)·g;  g = nesterov ? g + momentum·b : b;  p −= lr·g
ct_status ct_optimizer_sgd(ct_tensor *const *parameters, size_t count, ct_tensor **momentum_buffers,
                           double learning_rate, double momentum, double dampening, double weight_decay, bool nesterov);

// torch.optim.Adam (decoupled = false: g += weight_decay·p) and AdamW (true: p *= 1 − lr·weight_decay).
ct_status ct_optimizer_adam(ct_tensor *const *parameters, size_t count, ct_tensor **first_moments,
                            ct_tensor **second_moments, ct_tensor **steps, double learning_rate, double beta1,
                            double beta2, double epsilon, double weight_decay, bool decoupled);

// sums += g²;  p −= lr / (1 + (step − 1)·lr_decay) · g / (√sums + epsilon). New sums start at initial_accumulator.
ct_status ct_optimizer_adagrad(ct_tensor *const *parameters, size_t count, ct_tensor **sums, ct_tensor **steps,
                               double learning_rate, double learning_rate_decay, double initial_accumulator,
                               double epsilon, double weight_decay);

// v = ρv + (1 − ρ)g²;  Δ = √(u + ε)/√(v + ε)·g;  u = ρu + (1 − ρ)Δ²;  p −= lr·Δ
ct_status ct_optimizer_adadelta(ct_tensor *const *parameters, size_t count, ct_tensor **square_averages,
                                ct_tensor **accumulated_updates, double learning_rate, double rho, double epsilon,
                                double weight_decay);

// averages[i] = decay·averages[i] + (1 − decay)·values[i], for tensors of the same shapes; no gradient is recorded.
ct_status ct_optimizer_average(ct_tensor *const *averages, ct_tensor *const *values, size_t count, double decay);

// Scales all gradients by min(1, max_norm / (total + 1e-6)), total being their joint Euclidean norm, which it writes.
ct_status ct_optimizer_clip_gradients(double *total, ct_tensor *const *parameters, size_t count, double max_norm);

CT_END_DECLARATIONS

#endif
