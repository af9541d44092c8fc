// Adadelta in one walk over memory. libtorch has no fused Adadelta: its eleven operations a step read and write every
// element of the parameter and of its two averages many times over, and a table of word vectors has a million.
#pragma once

#include <cstdint>

namespace ct {

struct AdadeltaSettings {
  float learning_rate, rho, rest; // rest: 1 − rho
  float epsilon, weight_decay;
};

// g ← g + λp; v ← ρv + (1 − ρ)g²; Δ = √(u + ε)/√(v + ε)·g; u ← ρu + (1 − ρ)Δ²; p ← p − lr·Δ, of `count` elements.
void adadelta(float *p, const float *g, float *v, float *u, int64_t count, const AdadeltaSettings &settings);

} // namespace ct
