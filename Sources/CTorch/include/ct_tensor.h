// Tensors: creation, what they are, their memory, and views of them.
#ifndef CT_TENSOR_H
#define CT_TENSOR_H

#include "ct_types.h"

CT_BEGIN_DECLARATIONS

void ct_tensor_free(ct_tensor *tensor);
// A second handle to the same tensor, to be freed as well; NULL for NULL or when there is no memory for a handle.
ct_tensor *ct_tensor_retain(const ct_tensor *tensor);

// Creation. `dims` may be NULL when rank is 0.
ct_status ct_tensor_empty(ct_tensor **out, const int64_t *dims, size_t rank, ct_dtype dtype, ct_device device,
                          ct_memory_format format);
ct_status ct_tensor_full(ct_tensor **out, const int64_t *dims, size_t rank, double value, ct_dtype dtype,
                         ct_device device);
ct_status ct_tensor_full_like(ct_tensor **out, const ct_tensor *like, double value);
ct_status ct_tensor_arange(ct_tensor **out, double start, double end, double step, ct_dtype dtype, ct_device device);
ct_status ct_tensor_eye(ct_tensor **out, int64_t rows, int64_t columns, ct_dtype dtype, ct_device device);
// A copy of row-major bytes.
ct_status ct_tensor_from_bytes(ct_tensor **out, const void *bytes, size_t byte_count, const int64_t *dims, size_t rank,
                               ct_dtype dtype, ct_device device);
// No copy: the tensor reads and writes `bytes`. `release(context)` is called once, from any thread, when the last
// reference to the memory goes. On failure it is not called.
ct_status ct_tensor_borrow(ct_tensor **out, void *bytes, size_t byte_count, const int64_t *dims, size_t rank,
                           ct_dtype dtype, void (*release)(void *context), void *context);
ct_status ct_tensor_clone(ct_tensor **out, const ct_tensor *self);
// Converts; the same memory when there is nothing to convert.
ct_status ct_tensor_to(ct_tensor **out, const ct_tensor *self, ct_dtype dtype, ct_device device,
                       ct_memory_format format, bool copy);
ct_status ct_tensor_contiguous(ct_tensor **out, const ct_tensor *self, ct_memory_format format);

// What a tensor is. These cannot fail; NULL reads as an empty CPU tensor.
size_t ct_tensor_rank(const ct_tensor *self);
// Writes min(rank, capacity) extents or strides (in elements).
void ct_tensor_dims(const ct_tensor *self, int64_t *dims, size_t capacity);
void ct_tensor_strides(const ct_tensor *self, int64_t *strides, size_t capacity);
int64_t ct_tensor_element_count(const ct_tensor *self);
ct_dtype ct_tensor_dtype(const ct_tensor *self);
ct_device ct_tensor_device(const ct_tensor *self);
// CT_PRESERVE reads as CT_CONTIGUOUS.
bool ct_tensor_is_contiguous(const ct_tensor *self, ct_memory_format format);
bool ct_tensor_shares_memory(const ct_tensor *self, const ct_tensor *other);

// Memory of a CPU tensor; the pointer is good while `self` lives. `will_write` tells autograd that the values change.
ct_status ct_tensor_data(void **out, const ct_tensor *self, bool will_write);
ct_status ct_tensor_item(double *out, const ct_tensor *self);
ct_status ct_tensor_item_int64(int64_t *out, const ct_tensor *self);
// Row-major bytes of a tensor of any device and layout; byte_count must be exact.
ct_status ct_tensor_copy_bytes(void *bytes, size_t byte_count, const ct_tensor *self);
// self <- source, converted and broadcast.
ct_status ct_tensor_copy_in_place(ct_tensor *self, const ct_tensor *source);

// Views: no copy, but for reshape and flatten of a tensor whose layout forbids one.
ct_status ct_tensor_reshape(ct_tensor **out, const ct_tensor *self, const int64_t *dims, size_t rank);
ct_status ct_tensor_view(ct_tensor **out, const ct_tensor *self, const int64_t *dims, size_t rank);
ct_status ct_tensor_flatten(ct_tensor **out, const ct_tensor *self, int64_t first, int64_t last);
ct_status ct_tensor_transpose(ct_tensor **out, const ct_tensor *self, int64_t axis0, int64_t axis1);
ct_status ct_tensor_permute(ct_tensor **out, const ct_tensor *self, const int64_t *axes, size_t count);
ct_status ct_tensor_expand(ct_tensor **out, const ct_tensor *self, const int64_t *dims, size_t rank);
ct_status ct_tensor_squeeze(ct_tensor **out, const ct_tensor *self, int64_t axis);
ct_status ct_tensor_unsqueeze(ct_tensor **out, const ct_tensor *self, int64_t axis);
ct_status ct_tensor_narrow(ct_tensor **out, const ct_tensor *self, int64_t axis, int64_t start, int64_t length);
ct_status ct_tensor_select(ct_tensor **out, const ct_tensor *self, int64_t axis, int64_t index);
ct_status ct_tensor_slice(ct_tensor **out, const ct_tensor *self, int64_t axis, int64_t start, int64_t end,
                          int64_t step);
ct_status ct_tensor_diagonal(ct_tensor **out, const ct_tensor *self, int64_t offset, int64_t axis0, int64_t axis1);

// Gathering: these copy.
ct_status ct_tensor_index_select(ct_tensor **out, const ct_tensor *self, int64_t axis, const ct_tensor *indices);
ct_status ct_tensor_gather(ct_tensor **out, const ct_tensor *self, int64_t axis, const ct_tensor *indices);
ct_status ct_tensor_concatenate(ct_tensor **out, const ct_tensor *const *tensors, size_t count, int64_t axis);
ct_status ct_tensor_stack(ct_tensor **out, const ct_tensor *const *tensors, size_t count, int64_t axis);
ct_status ct_tensor_flip(ct_tensor **out, const ct_tensor *self, const int64_t *axes, size_t count);
ct_status ct_tensor_repeat(ct_tensor **out, const ct_tensor *self, const int64_t *repeats, size_t count);
// Below (or on) the diagonal, or above it; the rest is 0.
ct_status ct_tensor_triangle(ct_tensor **out, const ct_tensor *self, bool lower, int64_t diagonal);

CT_END_DECLARATIONS

#endif
