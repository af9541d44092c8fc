// Types shared by every header: status codes, handles, element types, devices, memory formats.
#ifndef CT_TYPES_H
#define CT_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define CT_BEGIN_DECLARATIONS extern "C" {
#define CT_END_DECLARATIONS }
#else
#define CT_BEGIN_DECLARATIONS
#define CT_END_DECLARATIONS
#endif

// Why a call failed; libtorch's exception classes, one code each.
typedef enum ct_status {
  CT_OK = 0,
  CT_ERROR_ARGUMENT = 1,        // a NULL handle or an unknown enum value: refused before libtorch saw it
  CT_ERROR_INDEX = 2,           // c10::IndexError: an axis or an index out of range
  CT_ERROR_VALUE = 3,           // c10::ValueError
  CT_ERROR_TYPE = 4,            // c10::TypeError
  CT_ERROR_NOT_IMPLEMENTED = 5, // c10::NotImplementedError: no kernel for this element type or device
  CT_ERROR_OUT_OF_MEMORY = 6,   // c10::OutOfMemoryError, std::bad_alloc, or the CPU allocator's refusal
  CT_ERROR_LINEAR_ALGEBRA = 7,  // c10::LinAlgError: singular, or did not converge
  CT_ERROR_BUFFER = 8,          // c10::BufferError
  CT_ERROR_ACCELERATOR = 9,     // c10::AcceleratorError: CUDA reported a failure
  CT_ERROR_DISTRIBUTED = 10,    // c10::DistError and its kinds
  CT_ERROR_TORCH = 11,          // any other c10::Error: wrong shapes, mixed devices, autograd misuse, ...
  CT_ERROR_STANDARD = 12,       // any other std::exception
  CT_ERROR_UNKNOWN = 13         // something thrown that is no std::exception
} ct_status;

typedef struct ct_tensor ct_tensor;       // owns one reference to an at::Tensor
typedef struct ct_generator ct_generator; // owns one reference to an at::Generator

typedef enum ct_dtype {
  CT_FLOAT32 = 0,
  CT_FLOAT64 = 1,
  CT_FLOAT16 = 2,
  CT_BFLOAT16 = 3,
  CT_INT64 = 4,
  CT_INT32 = 5,
  CT_UINT8 = 6,
  CT_BOOL = 7,
  CT_DTYPE_OTHER = 255 // an element type that this interface has no name for; never valid as an input
} ct_dtype;

typedef enum ct_device_type { CT_CPU = 0, CT_CUDA = 1, CT_DEVICE_OTHER = 255 } ct_device_type;

typedef struct ct_device {
  ct_device_type type;
  int32_t index; // which GPU, from 0; ignored for CT_CPU
} ct_device;

typedef enum ct_memory_format {
  CT_PRESERVE = 0,        // keep what the input has
  CT_CONTIGUOUS = 1,      // row-major
  CT_CHANNELS_LAST = 2,   // NHWC storage of an NCHW tensor (4 axes)
  CT_CHANNELS_LAST_3D = 3 // NDHWC storage of an NCDHW tensor (5 axes)
} ct_memory_format;

typedef enum ct_loss_reduction { CT_LOSS_NONE = 0, CT_LOSS_MEAN = 1, CT_LOSS_SUM = 2 } ct_loss_reduction;

#endif
