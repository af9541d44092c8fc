#include "ct_batch_norm_kernels.hpp"

#include <algorithm>
#include <cstring>

// Each loop is compiled for three generations of processors, and the machine's own is taken when the program starts.
#if defined(__x86_64__) && defined(__linux__)
#define CT_FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CT_FOR_EACH_PROCESSOR
#endif

// No function takes or returns the vectors: how they are passed would depend on the processor.
#define CT_LOAD(name, pointer)                                                                                         \
  Lanes name;                                                                                                          \
  std::memcpy(&name, pointer, sizeof(name))
#define CT_STORE(pointer, name) std::memcpy(pointer, &name, sizeof(name))

// x · scale + shift. Where the compiler makes one rounding of the two in one loop and not in another, a result within the
// last bit of 0 may pass the gate of one and not of the other: a gradient of one element, at the kink of ReLU.
#define CT_AFFINE(name, value, scale, shift, c)                                                                        \
  Lanes name;                                                                                                          \
  {                                                                                                                    \
    CT_LOAD(factor_, (scale) + (c));                                                                                   \
    CT_LOAD(summand_, (shift) + (c));                                                                                  \
    name = (value)*factor_ + summand_;                                                                                 \
  }

namespace ct {

// As many numbers as the widest registers hold; the compiler splits them where registers are narrower.
using Lanes = float __attribute__((vector_size(lanes * sizeof(float))));

CT_FOR_EACH_PROCESSOR
void moments(const float *x, int64_t rows, int64_t channels, double *mean, double *squares) {
  std::fill_n(mean, channels, 0.0);
  std::fill_n(squares, channels, 0.0);
  for (int64_t first = 0; first < rows; first += block_rows) {
    const int64_t count = std::min(block_rows, rows - first);
    const double before = static_cast<double>(first), n = static_cast<double>(count);
    for (int64_t c = 0; c < channels; c += lanes) {
      const float *const block = x + first * channels + c;
      // Four sums, so that no addition waits for the one before it.
      Lanes sums[4] = {};
      int64_t row = 0;
      for (; row + 4 <= count; row += 4)
        for (int64_t k = 0; k < 4; ++k) {
          CT_LOAD(value, block + (row + k) * channels);
          sums[k] += value;
        }
      for (; row < count; ++row) {
        CT_LOAD(value, block + row * channels);
        sums[0] += value;
      }
      const Lanes center = ((sums[0] + sums[1]) + (sums[2] + sums[3])) / static_cast<float>(count);
      // What rounding left of the mean in `center` comes out of these.
      Lanes rest[4] = {}, spread[4] = {};
      for (row = 0; row + 4 <= count; row += 4)
        for (int64_t k = 0; k < 4; ++k) {
          CT_LOAD(value, block + (row + k) * channels);
          const Lanes distance = value - center;
          rest[k] += distance;
          spread[k] += distance * distance;
        }
      for (; row < count; ++row) {
        CT_LOAD(value, block + row * channels);
        const Lanes distance = value - center;
        rest[0] += distance;
        spread[0] += distance * distance;
      }
      const Lanes rests = (rest[0] + rest[1]) + (rest[2] + rest[3]);
      const Lanes spreads = (spread[0] + spread[1]) + (spread[2] + spread[3]);
      for (int64_t k = 0; k < lanes; ++k) {
        const double correction = rests[k] / n;
        const double distance = center[k] + correction - mean[c + k];
        mean[c + k] += distance * n / (before + n);
        squares[c + k] += spreads[k] - correction * correction * n + distance * distance * before * n / (before + n);
      }
    }
  }
}

CT_FOR_EACH_PROCESSOR
void normalise(const float *x, const float *added, int64_t rows, int64_t channels, const float *scale,
               const float *shift, float *y) {
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t c = 0; c < channels; c += lanes) {
      const int64_t at = row * channels + c;
      CT_LOAD(input, x + at);
      CT_AFFINE(value, input, scale, shift, c);
      if (added != nullptr) {
        CT_LOAD(other, added + at);
        value += other;
      }
      // As libtorch's ReLU, which lets NaN pass.
      value = value < 0 ? Lanes{} : value;
      CT_STORE(y + at, value);
    }
}

CT_FOR_EACH_PROCESSOR
void reduce(const float *gradient, const Gate &gate, const float *x, int64_t rows, int64_t channels, const float *mean,
            float *through, double *sum, double *product) {
  std::fill_n(sum, channels, 0.0);
  std::fill_n(product, channels, 0.0);
  for (int64_t first = 0; first < rows; first += block_rows) {
    const int64_t last = std::min(rows, first + block_rows);
    for (int64_t c = 0; c < channels; c += lanes) {
      CT_LOAD(center, mean + c);
      // Two sums each, so that no addition waits for the one before it.
      Lanes sums[2] = {}, products[2] = {};
      for (int64_t row = first; row < last; row += 2)
        for (int64_t k = 0; k < 2 && row + k < last; ++k) {
          const int64_t at = (row + k) * channels + c;
          CT_LOAD(g, gradient + at);
          CT_LOAD(value, x + at);
          if (gate.result != nullptr) {
            CT_LOAD(out, gate.result + at);
            g = out <= 0 ? Lanes{} : g;
          } else {
            CT_AFFINE(out, value, gate.scale, gate.shift, c);
            g = out <= 0 ? Lanes{} : g;
          }
          if (through != nullptr)
            CT_STORE(through + at, g);
          sums[k] += g;
          products[k] += g * (value - center);
        }
      const Lanes s = sums[0] + sums[1], p = products[0] + products[1];
      for (int64_t k = 0; k < lanes; ++k) {
        sum[c + k] += s[k];
        product[c + k] += p[k];
      }
    }
  }
}

CT_FOR_EACH_PROCESSOR
void propagate(const float *gradient, const Gate *gate, const float *x, int64_t rows, int64_t channels,
               const float *mean, const float *scale, const float *slope, const float *level, float *result) {
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t c = 0; c < channels; c += lanes) {
      const int64_t at = row * channels + c;
      CT_LOAD(g, gradient + at);
      CT_LOAD(value, x + at);
      CT_LOAD(center, mean + c);
      CT_LOAD(factor, scale + c);
      CT_LOAD(tilt, slope + c);
      CT_LOAD(lift, level + c);
      if (gate != nullptr) {
        CT_AFFINE(out, value, gate->scale, gate->shift, c);
        g = out <= 0 ? Lanes{} : g;
      }
      const Lanes gradient_of_x = g * factor + ((value - center) * tilt + lift);
      CT_STORE(result + at, gradient_of_x);
    }
}

} // namespace ct
