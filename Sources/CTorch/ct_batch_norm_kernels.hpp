// The loops of batch normalisation with ReLU over rows of channels: `x[row * channels + c]`, channels a multiple of
// `lanes`. What must be summed is summed in single precision over a few rows, and in double beyond.
#pragma once

#include <cstdint>

namespace ct {

constexpr int64_t lanes = 16;
// Rows that are summed in single precision. Their numbers, of all channels up to 64, fit the first cache.
constexpr int64_t block_rows = 64;

// The mean of each channel and the sum of squared distances to it.
void moments(const float *x, int64_t rows, int64_t channels, double *mean, double *squares);

// y = max(0, x · scale + shift + added), `added` optional.
void normalise(const float *x, const float *added, int64_t rows, int64_t channels, const float *scale,
               const float *shift, float *y);

// What a gradient must pass on its way back: the ReLU lets through where the result is above 0.
struct Gate {
  const float *result; // NULL: nothing was added, and the result is computed again from x, which is read anyway
  const float *scale, *shift; // of each channel, as in `normalise`
};

// Σ g and Σ g · (x − mean) of each channel, where g is the gradient that passes ReLU; `through`, optional, receives g.
void reduce(const float *gradient, const Gate &gate, const float *x, int64_t rows, int64_t channels, const float *mean,
            float *through, double *sum, double *product);

// result = g · scale + (x − mean) · slope + level; `gate` (of which the result is not
// looked at) NULL: the gradient is g already.
void propagate(const float *gradient, const Gate *gate, const float *x, int64_t rows, int64_t channels,
               const float *mean, const float *scale, const float *slope, const float *level, float *result);

} // namespace ct
