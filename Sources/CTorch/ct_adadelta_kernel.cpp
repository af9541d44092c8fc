#include "ct_adadelta_kernel.hpp"

#include <algorithm>
#include <cstring>

// Compiled for three generations of processors, as the loops of batch normalisation are.
#if defined(__x86_64__) && defined(__linux__)
#define CT_FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CT_FOR_EACH_PROCESSOR
#endif

namespace ct {

namespace {

constexpr int64_t lanes = 16;
using Lanes = float __attribute__((vector_size(lanes * sizeof(float))));

} // namespace

CT_FOR_EACH_PROCESSOR
void adadelta(float *p, const float *g, float *v, float *u, int64_t count, const AdadeltaSettings &settings) {
// Every operation rounds by itself, so that a processor that multiplies and adds at once gives no other numbers.
#pragma STDC FP_CONTRACT OFF
  const float decay = settings.weight_decay;
  for (int64_t first = 0; first < count; first += lanes) {
    // The last numbers of a tensor may be fewer than a register holds; what stands beside them is not kept.
    const size_t bytes = static_cast<size_t>(std::min(lanes, count - first)) * sizeof(float);
    const bool whole = bytes == sizeof(Lanes);
    Lanes parameter = {}, gradient = {}, square = {}, update = {};
    if (whole) {
      std::memcpy(&parameter, p + first, sizeof(Lanes));
      std::memcpy(&gradient, g + first, sizeof(Lanes));
      std::memcpy(&square, v + first, sizeof(Lanes));
      std::memcpy(&update, u + first, sizeof(Lanes));
    } else {
      std::memcpy(&parameter, p + first, bytes);
      std::memcpy(&gradient, g + first, bytes);
      std::memcpy(&square, v + first, bytes);
      std::memcpy(&update, u + first, bytes);
    }
    if (decay != 0)
      gradient = gradient + decay * parameter;
    square = square * settings.rho + settings.rest * gradient * gradient;
    const Lanes deviation = __builtin_elementwise_sqrt(square + settings.epsilon);
    const Lanes change = __builtin_elementwise_sqrt(update + settings.epsilon) / deviation * gradient;
    update = update * settings.rho + settings.rest * change * change;
    parameter = parameter - settings.learning_rate * change;
    if (whole) {
      std::memcpy(p + first, &parameter, sizeof(Lanes));
      std::memcpy(v + first, &square, sizeof(Lanes));
      std::memcpy(u + first, &update, sizeof(Lanes));
    } else {
      std::memcpy(p + first, &parameter, bytes);
      std::memcpy(v + first, &square, bytes);
      std::memcpy(u + first, &update, bytes);
    }
  }
}

} // namespace ct
