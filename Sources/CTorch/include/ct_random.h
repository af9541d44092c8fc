// Explicit generators, and the draws from them. PyTorch's numbers: the same seed gives torch.Generator's values.
#ifndef CT_RANDOM_H
#define CT_RANDOM_H

#include "ct_types.h"

CT_BEGIN_DECLARATIONS

ct_status ct_generator_create(ct_generator **out, uint64_t seed, ct_device device);
void ct_generator_free(ct_generator *generator);
ct_status ct_generator_seed(ct_generator *generator, uint64_t seed);
// Bytes of the whole state. `byte_count` is the capacity on the way in (0 to ask) and the size on the way out.
ct_status ct_generator_state(uint8_t *bytes, size_t *byte_count, const ct_generator *generator);
ct_status ct_generator_state_set(ct_generator *generator, const uint8_t *bytes, size_t byte_count);

ct_status ct_random_normal_in_place(ct_tensor *self, double mean, double deviation, ct_generator *generator);
ct_status ct_random_uniform_in_place(ct_tensor *self, double low, double high, ct_generator *generator);
ct_status ct_random_bernoulli_in_place(ct_tensor *self, double probability, ct_generator *generator);
// Whole numbers in [low, high).
ct_status ct_random_integers_in_place(ct_tensor *self, int64_t low, int64_t high, ct_generator *generator);
ct_status ct_random_permutation(ct_tensor **out, int64_t count, ct_generator *generator);

CT_END_DECLARATIONS

#endif
