// Errors, versions, threads, CUDA, the allocator, and the count of live handles.
#ifndef CT_RUNTIME_H
#define CT_RUNTIME_H

#include "ct_types.h"

CT_BEGIN_DECLARATIONS

// The calling thread's last failure, "" if none. Owned here; valid until the next failing call on the same thread.
const char *ct_last_error(void);

// The libtorch that this was compiled against, as "2.13.0".
const char *ct_libtorch_version(void);

// Handles (tensors and generators) that have been handed out and not freed, over all threads.
int64_t ct_live_handles(void);

// Handles made minus handles freed by the calling thread: exact while other threads work.
int64_t ct_live_handles_of_thread(void);

// Threads that one operation may use, on whichever thread it is called. Must be at least 1.
ct_status ct_thread_count_set(int32_t count);
int32_t ct_thread_count(void);

// Denormal numbers as zero on the calling thread and on the threads that libtorch starts later.
// False where the processor cannot.
bool ct_flush_denormals_set(bool on);

// True when libtorch_cuda is loaded (it is loaded on the first call, if it lies beside libtorch_cpu) and sees a GPU.
bool ct_cuda_available(void);
int32_t ct_cuda_device_count(void);
// One line that says why CUDA is not used though this machine has an NVIDIA driver; "" when there is nothing to say.
const char *ct_cuda_explanation(void);

// Keeps freed memory in the process, instead of giving it back to the kernel and faulting it in again at every step.
// False where the C library offers no such setting (only glibc does). Call it once, before training.
bool ct_allocator_keep_memory(void);

// A slot of the calling thread for the tracer that records operations. NULL means that nothing is traced.
void *ct_tracer(void);
void ct_tracer_set(void *tracer);

// For tests of the error path: fails with `status`, thrown as the exception class that it stands for.
ct_status ct_testing_throw(ct_status status, const char *message);

CT_END_DECLARATIONS

#endif
