#include "ct_support.hpp"

#include "include/ct_tensor.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/flip.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/gather.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tril.h>
#include <ATen/ops/triu.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

using namespace ct;

namespace {

at::TensorOptions options(ct_dtype dtype, ct_device device) {
  return at::TensorOptions().dtype(to_torch(dtype)).device(to_torch(device));
}

// Bytes of a row-major tensor of these extents; refuses negative ones and products beyond int64.
size_t byte_count_of(at::IntArrayRef dims, at::ScalarType dtype) {
  int64_t count = static_cast<int64_t>(c10::elementSize(dtype));
  for (int64_t extent : dims) {
    if (extent < 0)
      throw ArgumentError("a tensor's extent cannot be negative: " + std::to_string(extent));
    if (__builtin_mul_overflow(count, extent, &count))
      throw ArgumentError("the shape holds more bytes than fit in 63 bits");
  }
  return static_cast<size_t>(count);
}

void check_byte_count(size_t given, size_t expected) {
  if (given != expected)
    throw ArgumentError("the buffer holds " + std::to_string(given) + " bytes, but the shape and element type need " +
                        std::to_string(expected));
}

} // namespace

void ct_tensor_free(ct_tensor *tensor) { delete tensor; }

ct_tensor *ct_tensor_retain(const ct_tensor *tensor) {
  return tensor ? new (std::nothrow) ct_tensor(tensor->value) : nullptr;
}

ct_status ct_tensor_empty(ct_tensor **out, const int64_t *dims, size_t rank, ct_dtype dtype, ct_device device,
                          ct_memory_format format) {
  return guard([&] { put(out, at::empty(ints(dims, rank), options(dtype, device), to_torch(format))); });
}

ct_status ct_tensor_full(ct_tensor **out, const int64_t *dims, size_t rank, double value, ct_dtype dtype,
                         ct_device device) {
  return guard([&] { put(out, at::full(ints(dims, rank), value, options(dtype, device))); });
}

ct_status ct_tensor_full_like(ct_tensor **out, const ct_tensor *like, double value) {
  return guard([&] { put(out, at::full_like(in(like), value)); });
}

ct_status ct_tensor_arange(ct_tensor **out, double start, double end, double step, ct_dtype dtype, ct_device device) {
  return guard([&] { put(out, at::arange(start, end, step, options(dtype, device))); });
}

ct_status ct_tensor_eye(ct_tensor **out, int64_t rows, int64_t columns, ct_dtype dtype, ct_device device) {
  return guard([&] { put(out, at::eye(rows, columns, options(dtype, device))); });
}

ct_status ct_tensor_from_bytes(ct_tensor **out, const void *bytes, size_t byte_count, const int64_t *dims, size_t rank,
                               ct_dtype dtype, ct_device device) {
  return guard([&] {
    check_byte_count(byte_count, byte_count_of(ints(dims, rank), to_torch(dtype)));
    at::Tensor host = at::empty(ints(dims, rank), options(dtype, {CT_CPU, 0}));
    if (byte_count > 0)
      std::memcpy(host.data_ptr(), &required(static_cast<const char *>(bytes), "bytes"), byte_count);
    put(out, host.to(to_torch(device)));
  });
}

ct_status ct_tensor_borrow(ct_tensor **out, void *bytes, size_t byte_count, const int64_t *dims, size_t rank,
                           ct_dtype dtype, void (*release)(void *context), void *context) {
  return guard([&] {
    required(out, "out");
    required(static_cast<char *>(bytes), "bytes");
    check_byte_count(byte_count, byte_count_of(ints(dims, rank), to_torch(dtype)));
    // The deleter is armed only when nothing can fail any more.
    auto armed = std::make_shared<std::atomic<bool>>(false);
    auto deleter = [release, context, armed](void *) {
      if (release != nullptr && armed->load())
        release(context);
    };
    auto made = handle(at::from_blob(bytes, ints(dims, rank), deleter, options(dtype, {CT_CPU, 0})));
    armed->store(true);
    *out = made.release();
  });
}

ct_status ct_tensor_clone(ct_tensor **out, const ct_tensor *self) {
  return guard([&] { put(out, in(self).clone()); });
}

ct_status ct_tensor_to(ct_tensor **out, const ct_tensor *self, ct_dtype dtype, ct_device device,
                       ct_memory_format format, bool copy) {
  return guard([&] { put(out, in(self).to(options(dtype, device), false, copy, to_torch(format))); });
}

ct_status ct_tensor_contiguous(ct_tensor **out, const ct_tensor *self, ct_memory_format format) {
  return guard([&] { put(out, in(self).contiguous(to_torch(format).value_or(at::MemoryFormat::Contiguous))); });
}

size_t ct_tensor_rank(const ct_tensor *self) { return self ? static_cast<size_t>(self->value.dim()) : 0; }

void ct_tensor_dims(const ct_tensor *self, int64_t *dims, size_t capacity) {
  if (self == nullptr || dims == nullptr)
    return;
  const at::IntArrayRef sizes = self->value.sizes();
  std::copy_n(sizes.begin(), std::min(sizes.size(), capacity), dims);
}

void ct_tensor_strides(const ct_tensor *self, int64_t *strides, size_t capacity) {
  if (self == nullptr || strides == nullptr)
    return;
  const at::IntArrayRef steps = self->value.strides();
  std::copy_n(steps.begin(), std::min(steps.size(), capacity), strides);
}

int64_t ct_tensor_element_count(const ct_tensor *self) { return self ? self->value.numel() : 0; }
ct_dtype ct_tensor_dtype(const ct_tensor *self) { return self ? from_torch(self->value.scalar_type()) : CT_FLOAT32; }
ct_device ct_tensor_device(const ct_tensor *self) {
  return self ? from_torch(self->value.device()) : ct_device{CT_CPU, 0};
}

bool ct_tensor_is_contiguous(const ct_tensor *self, ct_memory_format format) {
  bool result = false;
  return guard([&] { result = in(self).is_contiguous(to_torch(format).value_or(at::MemoryFormat::Contiguous)); }) ==
             CT_OK &&
         result;
}

bool ct_tensor_shares_memory(const ct_tensor *self, const ct_tensor *other) {
  bool result = false;
  return guard([&] { result = in(self).storage().is_alias_of(in(other).storage()); }) == CT_OK && result;
}

ct_status ct_tensor_data(void **out, const ct_tensor *self, bool will_write) {
  return guard([&] {
    if (!in(self).device().is_cpu())
      throw ArgumentError("the memory of a tensor on " + in(self).device().str() + " cannot be read from the CPU");
    required(out, "out") = in(self).data_ptr();
    if (will_write)
      in(self).unsafeGetTensorImpl()->bump_version();
  });
}

ct_status ct_tensor_item(double *out, const ct_tensor *self) {
  return guard([&] { required(out, "out") = in(self).item().toDouble(); });
}

ct_status ct_tensor_item_int64(int64_t *out, const ct_tensor *self) {
  return guard([&] { required(out, "out") = in(self).item().toLong(); });
}

ct_status ct_tensor_copy_bytes(void *bytes, size_t byte_count, const ct_tensor *self) {
  return guard([&] {
    const at::Tensor host = in(self).detach().to(at::Device(at::kCPU)).contiguous();
    check_byte_count(byte_count, host.nbytes());
    if (byte_count > 0)
      std::memcpy(&required(static_cast<char *>(bytes), "bytes"), host.data_ptr(), byte_count);
  });
}

ct_status ct_tensor_copy_in_place(ct_tensor *self, const ct_tensor *source) {
  return guard([&] { in(self).copy_(in(source)); });
}

ct_status ct_tensor_reshape(ct_tensor **out, const ct_tensor *self, const int64_t *dims, size_t rank) {
  return guard([&] { put(out, in(self).reshape(ints(dims, rank))); });
}

ct_status ct_tensor_view(ct_tensor **out, const ct_tensor *self, const int64_t *dims, size_t rank) {
  return guard([&] { put(out, in(self).view(ints(dims, rank))); });
}

ct_status ct_tensor_flatten(ct_tensor **out, const ct_tensor *self, int64_t first, int64_t last) {
  return guard([&] { put(out, in(self).flatten(first, last)); });
}

ct_status ct_tensor_transpose(ct_tensor **out, const ct_tensor *self, int64_t axis0, int64_t axis1) {
  return guard([&] { put(out, in(self).transpose(axis0, axis1)); });
}

ct_status ct_tensor_permute(ct_tensor **out, const ct_tensor *self, const int64_t *axes, size_t count) {
  return guard([&] { put(out, in(self).permute(ints(axes, count))); });
}

ct_status ct_tensor_expand(ct_tensor **out, const ct_tensor *self, const int64_t *dims, size_t rank) {
  return guard([&] { put(out, in(self).expand(ints(dims, rank))); });
}

ct_status ct_tensor_squeeze(ct_tensor **out, const ct_tensor *self, int64_t axis) {
  return guard([&] { put(out, in(self).squeeze(axis)); });
}

ct_status ct_tensor_unsqueeze(ct_tensor **out, const ct_tensor *self, int64_t axis) {
  return guard([&] { put(out, in(self).unsqueeze(axis)); });
}

ct_status ct_tensor_narrow(ct_tensor **out, const ct_tensor *self, int64_t axis, int64_t start, int64_t length) {
  return guard([&] { put(out, in(self).narrow(axis, start, length)); });
}

ct_status ct_tensor_select(ct_tensor **out, const ct_tensor *self, int64_t axis, int64_t index) {
  return guard([&] { put(out, in(self).select(axis, index)); });
}

ct_status ct_tensor_slice(ct_tensor **out, const ct_tensor *self, int64_t axis, int64_t start, int64_t end,
                          int64_t step) {
  return guard([&] { put(out, in(self).slice(axis, start, end, step)); });
}

ct_status ct_tensor_diagonal(ct_tensor **out, const ct_tensor *self, int64_t offset, int64_t axis0, int64_t axis1) {
  return guard([&] { put(out, in(self).diagonal(offset, axis0, axis1)); });
}

ct_status ct_tensor_index_select(ct_tensor **out, const ct_tensor *self, int64_t axis, const ct_tensor *indices) {
  return guard([&] { put(out, at::index_select(in(self), axis, in(indices))); });
}

ct_status ct_tensor_gather(ct_tensor **out, const ct_tensor *self, int64_t axis, const ct_tensor *indices) {
  return guard([&] { put(out, at::gather(in(self), axis, in(indices))); });
}

ct_status ct_tensor_concatenate(ct_tensor **out, const ct_tensor *const *tensors, size_t count, int64_t axis) {
  return guard([&] { put(out, at::cat(list_in(tensors, count), axis)); });
}

ct_status ct_tensor_stack(ct_tensor **out, const ct_tensor *const *tensors, size_t count, int64_t axis) {
  return guard([&] { put(out, at::stack(list_in(tensors, count), axis)); });
}

ct_status ct_tensor_flip(ct_tensor **out, const ct_tensor *self, const int64_t *axes, size_t count) {
  return guard([&] { put(out, at::flip(in(self), ints(axes, count))); });
}

ct_status ct_tensor_repeat(ct_tensor **out, const ct_tensor *self, const int64_t *repeats, size_t count) {
  return guard([&] { put(out, in(self).repeat(ints(repeats, count))); });
}

ct_status ct_tensor_triangle(ct_tensor **out, const ct_tensor *self, bool lower, int64_t diagonal) {
  return guard([&] { put(out, lower ? at::tril(in(self), diagonal) : at::triu(in(self), diagonal)); });
}
