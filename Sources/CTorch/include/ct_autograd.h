// Reverse-mode differentiation.
#ifndef CT_AUTOGRAD_H
#define CT_AUTOGRAD_H

#include "ct_types.h"

CT_BEGIN_DECLARATIONS

bool ct_tensor_requires_grad(const ct_tensor *self);
bool ct_tensor_is_leaf(const ct_tensor *self);
ct_status ct_tensor_requires_grad_set(ct_tensor *self, bool on);
// The same values with no history; shares memory.
ct_status ct_tensor_detach(ct_tensor **out, const ct_tensor *self);
// Writes NULL when there is no gradient.
ct_status ct_tensor_grad(ct_tensor **out, const ct_tensor *self);
// NULL removes it.
ct_status ct_tensor_grad_set(ct_tensor *self, const ct_tensor *gradient);
// Removes the gradients of all of them (PyTorch's zero_grad(set_to_none=True)).
ct_status ct_autograd_clear(ct_tensor *const *tensors, size_t count);

// Accumulates into the leaves' gradients. `gradient` (of self's shape) is optional for a tensor of one element.
ct_status ct_autograd_backward(const ct_tensor *self, const ct_tensor *gradient, bool keep_graph, bool create_graph);
// outs[i] is d output / d inputs[i], NULL when unused and allow_unused. `gradient` optional as above.
ct_status ct_autograd_grad(ct_tensor **outs, const ct_tensor *output, const ct_tensor *const *inputs, size_t count,
                           const ct_tensor *gradient, bool keep_graph, bool create_graph, bool allow_unused);

// Whether operations on the calling thread are recorded for differentiation.
bool ct_grad_mode(void);
void ct_grad_mode_set(bool on);

CT_END_DECLARATIONS

#endif
