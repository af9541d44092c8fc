#include "ct_support.hpp"

#include "include/ct_runtime.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/util/Exception.h>

#include <dlfcn.h>
#include <mutex>
#include <new>
#include <string>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace ct {

std::atomic<int64_t> Live::count{0};
constinit thread_local int64_t Live::count_of_thread = 0;

std::atomic<int32_t> wanted_thread_count{0};
constinit thread_local int32_t applied_thread_count = 0;

void apply_thread_count() {
  applied_thread_count = wanted_thread_count.load(std::memory_order_relaxed);
  at::set_num_threads(applied_thread_count);
}

namespace {

thread_local std::string last_error;

ct_status failed(ct_status status, const char *message) noexcept {
  try {
    last_error = message;
  } catch (...) {
    last_error.clear(); // no memory for the text; the status still says what kind of failure it was
  }
  return status;
}

// The CPU allocator reports exhaustion as a plain c10::Error with this text, not as an OutOfMemoryError.
bool is_cpu_allocation_failure(const char *message) noexcept {
  return std::string_view(message).find("DefaultCPUAllocator: ") != std::string_view::npos;
}

} // namespace

ct_status status_of_current_exception() noexcept {
  try {
    throw;
  } catch (const ArgumentError &e) {
    return failed(CT_ERROR_ARGUMENT, e.what());
  } catch (const c10::IndexError &e) {
    return failed(CT_ERROR_INDEX, e.what_without_backtrace());
  } catch (const c10::ValueError &e) {
    return failed(CT_ERROR_VALUE, e.what_without_backtrace());
  } catch (const c10::TypeError &e) {
    return failed(CT_ERROR_TYPE, e.what_without_backtrace());
  } catch (const c10::NotImplementedError &e) {
    return failed(CT_ERROR_NOT_IMPLEMENTED, e.what_without_backtrace());
  } catch (const c10::OutOfMemoryError &e) {
    return failed(CT_ERROR_OUT_OF_MEMORY, e.what_without_backtrace());
  } catch (const c10::LinAlgError &e) {
    return failed(CT_ERROR_LINEAR_ALGEBRA, e.what_without_backtrace());
  } catch (const c10::BufferError &e) {
    return failed(CT_ERROR_BUFFER, e.what_without_backtrace());
  } catch (const c10::AcceleratorError &e) {
    return failed(CT_ERROR_ACCELERATOR, e.what_without_backtrace());
  } catch (const c10::DistError &e) {
    return failed(CT_ERROR_DISTRIBUTED, e.what_without_backtrace());
  } catch (const c10::Error &e) {
    const char *message = e.what_without_backtrace();
    return failed(is_cpu_allocation_failure(message) ? CT_ERROR_OUT_OF_MEMORY : CT_ERROR_TORCH, message);
  } catch (const std::bad_alloc &e) {
    return failed(CT_ERROR_OUT_OF_MEMORY, e.what());
  } catch (const std::exception &e) {
    return failed(CT_ERROR_STANDARD, e.what());
  } catch (...) {
    return failed(CT_ERROR_UNKNOWN, "something was thrown that is no std::exception");
  }
}

at::ScalarType to_torch(ct_dtype dtype) {
  switch (dtype) {
  case CT_FLOAT32:
    return at::kFloat;
  case CT_FLOAT64:
    return at::kDouble;
  case CT_FLOAT16:
    return at::kHalf;
  case CT_BFLOAT16:
    return at::kBFloat16;
  case CT_INT64:
    return at::kLong;
  case CT_INT32:
    return at::kInt;
  case CT_UINT8:
    return at::kByte;
  case CT_BOOL:
    return at::kBool;
  case CT_DTYPE_OTHER:
    break;
  }
  throw ArgumentError("unknown element type " + std::to_string(static_cast<int>(dtype)));
}

ct_dtype from_torch(at::ScalarType dtype) noexcept {
  switch (dtype) {
  case at::kFloat:
    return CT_FLOAT32;
  case at::kDouble:
    return CT_FLOAT64;
  case at::kHalf:
    return CT_FLOAT16;
  case at::kBFloat16:
    return CT_BFLOAT16;
  case at::kLong:
    return CT_INT64;
  case at::kInt:
    return CT_INT32;
  case at::kByte:
    return CT_UINT8;
  case at::kBool:
    return CT_BOOL;
  default:
    return CT_DTYPE_OTHER;
  }
}

at::Device to_torch(ct_device device) {
  switch (device.type) {
  case CT_CPU:
    return at::Device(at::kCPU);
  case CT_CUDA:
    if (!ct_cuda_available()) {
      const std::string why = ct_cuda_explanation();
      throw ArgumentError("CUDA is not available" + (why.empty() ? std::string() : ": " + why));
    }
    if (device.index < 0 || device.index >= ct_cuda_device_count())
      throw ArgumentError("there is no CUDA device " + std::to_string(device.index) + "; this machine has " +
                          std::to_string(ct_cuda_device_count()));
    return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(device.index));
  case CT_DEVICE_OTHER:
    break;
  }
  throw ArgumentError("unknown device type " + std::to_string(static_cast<int>(device.type)));
}

ct_device from_torch(const at::Device &device) noexcept {
  switch (device.type()) {
  case at::kCPU:
    return {CT_CPU, 0};
  case at::kCUDA:
    return {CT_CUDA, device.has_index() ? device.index() : 0};
  default:
    return {CT_DEVICE_OTHER, 0};
  }
}

std::optional<at::MemoryFormat> to_torch(ct_memory_format format) {
  switch (format) {
  case CT_PRESERVE:
    return std::nullopt;
  case CT_CONTIGUOUS:
    return at::MemoryFormat::Contiguous;
  case CT_CHANNELS_LAST:
    return at::MemoryFormat::ChannelsLast;
  case CT_CHANNELS_LAST_3D:
    return at::MemoryFormat::ChannelsLast3d;
  }
  throw ArgumentError("unknown memory format " + std::to_string(static_cast<int>(format)));
}

int64_t to_torch(ct_loss_reduction reduction) {
  switch (reduction) {
  case CT_LOSS_NONE:
    return 0; // at::Reduction::None
  case CT_LOSS_MEAN:
    return 1;
  case CT_LOSS_SUM:
    return 2;
  }
  throw ArgumentError("unknown loss reduction " + std::to_string(static_cast<int>(reduction)));
}

namespace {

#ifdef __APPLE__
constexpr const char *library_suffix = ".dylib";
#else
constexpr const char *library_suffix = ".so";
#endif

// Looks for libtorch_cuda beside the libtorch_cpu that is running, and says why when a GPU stays unused.
struct Cuda {
  bool available = false;
  int32_t devices = 0;
  std::string explanation;

  Cuda() noexcept {
    try {
      load();
    } catch (const std::exception &e) {
      explanation = std::string("CUDA could not be started: ") + e.what();
    } catch (...) {
      explanation = "CUDA could not be started";
    }
  }

private:
  void load() {
    void *driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
    if (driver == nullptr)
      return; // no NVIDIA driver: nothing to say
    dlclose(driver);

    Dl_info here;
    if (dladdr(reinterpret_cast<const void *>(&at::get_num_threads), &here) == 0 || here.dli_fname == nullptr)
      return;
    const std::string cpu = here.dli_fname;
    const std::string library = cpu.substr(0, cpu.rfind('/') + 1) + "libtorch_cuda" + library_suffix;
    if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
      const char *why = dlerror();
      explanation = "this machine has an NVIDIA driver, but libtorch_cuda could not be loaded (" +
                    std::string(why ? why : "no reason given") + "); install a CUDA build of libtorch to use the GPU";
      return;
    }
    if (!at::globalContext().hasCUDA()) {
      explanation = "libtorch_cuda is loaded, but it sees no GPU (check nvidia-smi and CUDA_VISIBLE_DEVICES)";
      return;
    }
    devices = static_cast<int32_t>(at::globalContext().getAcceleratorHooksInterface(at::kCUDA).deviceCount());
    available = devices > 0;
  }
};

const Cuda &cuda() noexcept {
  static const Cuda state; // initialised once, by whichever thread asks first
  return state;
}

thread_local void *tracer = nullptr;

} // namespace
} // namespace ct

using namespace ct;

const char *ct_last_error(void) { return last_error.c_str(); }
const char *ct_libtorch_version(void) { return TORCH_VERSION; }
int64_t ct_live_handles(void) { return Live::count.load(std::memory_order_relaxed); }
int64_t ct_live_handles_of_thread(void) { return Live::count_of_thread; }

ct_status ct_thread_count_set(int32_t count) {
  return guard([&] {
    if (count < 1)
      throw ArgumentError("a thread count must be at least 1, not " + std::to_string(count));
    wanted_thread_count.store(count, std::memory_order_relaxed);
    apply_thread_count();
  });
}

int32_t ct_thread_count(void) {
  int32_t count = 1;
  guard([&] { count = at::get_num_threads(); });
  return count;
}

bool ct_flush_denormals_set(bool on) {
  bool done = false;
  return guard([&] { done = at::globalContext().setFlushDenormal(on); }) == CT_OK && done;
}

bool ct_cuda_available(void) { return cuda().available; }
int32_t ct_cuda_device_count(void) { return cuda().devices; }
const char *ct_cuda_explanation(void) { return cuda().explanation.c_str(); }

bool ct_allocator_keep_memory(void) {
#ifdef __GLIBC__
  // Blocks of up to 1 GiB come from the heap, not from mmap, and the heap is never trimmed.
  constexpr int one_gibibyte = 1 << 30;
  return mallopt(M_MMAP_THRESHOLD, one_gibibyte) == 1 && mallopt(M_TRIM_THRESHOLD, one_gibibyte) == 1;
#else
  return false;
#endif
}

void *ct_tracer(void) { return tracer; }
void ct_tracer_set(void *value) { tracer = value; }

ct_status ct_testing_throw(ct_status status, const char *message) {
  return guard([&] {
    const c10::SourceLocation here{__func__, __FILE__, __LINE__};
    const std::string text = message ? message : "";
    switch (status) {
    case CT_OK:
      return;
    case CT_ERROR_ARGUMENT:
      throw ArgumentError(text);
    case CT_ERROR_INDEX:
      throw c10::IndexError(here, text);
    case CT_ERROR_VALUE:
      throw c10::ValueError(here, text);
    case CT_ERROR_TYPE:
      throw c10::TypeError(here, text);
    case CT_ERROR_NOT_IMPLEMENTED:
      throw c10::NotImplementedError(here, text);
    case CT_ERROR_OUT_OF_MEMORY:
      throw c10::OutOfMemoryError(here, text);
    case CT_ERROR_LINEAR_ALGEBRA:
      throw c10::LinAlgError(here, text);
    case CT_ERROR_BUFFER:
      throw c10::BufferError(here, text);
    case CT_ERROR_ACCELERATOR:
      throw c10::AcceleratorError(here, 1, text);
    case CT_ERROR_DISTRIBUTED:
      throw c10::DistNetworkError(here, text);
    case CT_ERROR_TORCH:
      throw c10::Error(here, text);
    case CT_ERROR_STANDARD:
      throw std::runtime_error(text);
    case CT_ERROR_UNKNOWN:
      throw 0;
    }
    throw ArgumentError("unknown status " + std::to_string(static_cast<int>(status)));
  });
}
