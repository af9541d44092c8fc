#include "ct_support.hpp"

#include "include/ct_random.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/randperm.h>

#include <cstring>
#include <mutex>
#include <string>

using namespace ct;

namespace {

at::Generator make(const at::Device &device) {
  if (device.is_cpu())
    return at::make_generator<at::CPUGeneratorImpl>();
  return at::globalContext().getAcceleratorHooksInterface(device.type()).getNewGenerator(device.index());
}

} // namespace

ct_status ct_generator_create(ct_generator **out, uint64_t seed, ct_device device) {
  return guard([&] {
    ct_generator *&slot = required(out, "out");
    at::Generator generator = make(to_torch(device));
    generator.set_current_seed(seed);
    slot = std::make_unique<ct_generator>(std::move(generator)).release();
  });
}

void ct_generator_free(ct_generator *generator) { delete generator; }

ct_status ct_generator_seed(ct_generator *generator, uint64_t seed) {
  return guard([&] {
    at::Generator &g = in(generator);
    const std::lock_guard<std::mutex> lock(g.mutex());
    g.set_current_seed(seed);
  });
}

ct_status ct_generator_state(uint8_t *bytes, size_t *byte_count, const ct_generator *generator) {
  return guard([&] {
    at::Generator g = required(generator, "the generator").value; // shares the state; reading it needs the lock
    size_t &count = required(byte_count, "byte_count");
    const at::Tensor state = [&] {
      const std::lock_guard<std::mutex> lock(g.mutex());
      return g.get_state();
    }();
    const size_t needed = state.nbytes();
    if (count != 0) {
      if (count < needed)
        throw ArgumentError("a generator's state takes " + std::to_string(needed) + " bytes, not " +
                            std::to_string(count));
      std::memcpy(&required(bytes, "bytes"), state.data_ptr(), needed);
    }
    count = needed;
  });
}

ct_status ct_generator_state_set(ct_generator *generator, const uint8_t *bytes, size_t byte_count) {
  return guard([&] {
    at::Generator &g = in(generator);
    at::Tensor state = at::empty({static_cast<int64_t>(byte_count)}, at::kByte);
    if (byte_count > 0)
      std::memcpy(state.data_ptr(), &required(bytes, "bytes"), byte_count);
    const std::lock_guard<std::mutex> lock(g.mutex());
    g.set_state(state);
  });
}

ct_status ct_random_normal_in_place(ct_tensor *self, double mean, double deviation, ct_generator *generator) {
  return guard([&] { in(self).normal_(mean, deviation, in(generator)); });
}

ct_status ct_random_uniform_in_place(ct_tensor *self, double low, double high, ct_generator *generator) {
  return guard([&] { in(self).uniform_(low, high, in(generator)); });
}

ct_status ct_random_bernoulli_in_place(ct_tensor *self, double probability, ct_generator *generator) {
  return guard([&] { in(self).bernoulli_(probability, in(generator)); });
}

ct_status ct_random_integers_in_place(ct_tensor *self, int64_t low, int64_t high, ct_generator *generator) {
  return guard([&] { in(self).random_(low, high, in(generator)); });
}

ct_status ct_random_permutation(ct_tensor **out, int64_t count, ct_generator *generator) {
  return guard([&] {
    at::Generator &g = in(generator);
    put(out, at::randperm(count, g, at::TensorOptions().dtype(at::kLong).device(g.device())));
  });
}
