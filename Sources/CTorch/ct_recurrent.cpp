#include "ct_support.hpp"

#include "include/ct_recurrent.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_pack_padded_sequence.h>
#include <ATen/ops/_pad_packed_sequence.h>
#include <ATen/ops/gru.h>
#include <ATen/ops/lstm.h>
#include <ATen/ops/rnn_tanh.h>

#include <string>
#include <tuple>

using namespace ct;

namespace {

// Between layers, and drawn from libtorch's own generator: none here.
constexpr double no_dropout = 0.0;

} // namespace

ct_status ct_recurrent_run(ct_tensor **output, ct_tensor **state, ct_tensor **cell, ct_recurrent_cell kind,
                           const ct_tensor *input, const ct_tensor *batch_sizes, const ct_tensor *initial_state,
                           const ct_tensor *initial_cell, const ct_tensor *const *weights, size_t weight_count,
                           bool biased, int64_t layers, bool bidirectional) {
  return guard([&] {
    const auto &x = in(input), &h = in(initial_state);
    const auto sizes = optional_in(batch_sizes);
    const auto w = list_in(weights, weight_count);
    // What a backward pass needs is kept if there can be one.
    const bool train = at::GradMode::is_enabled();
    switch (kind) {
    case CT_RNN_TANH:
      return put_pair(output, state,
                      sizes ? at::rnn_tanh(x, *sizes, h, w, biased, layers, no_dropout, train, bidirectional)
                            : at::rnn_tanh(x, h, w, biased, layers, no_dropout, train, bidirectional, true));
    case CT_GRU:
      return put_pair(output, state,
                      sizes ? at::gru(x, *sizes, h, w, biased, layers, no_dropout, train, bidirectional)
                            : at::gru(x, h, w, biased, layers, no_dropout, train, bidirectional, true));
    case CT_LSTM: {
      ct_tensor *&cell_slot = required(cell, "out");
      const std::vector<at::Tensor> states{h, in(initial_cell)};
      auto [y, last, last_cell] =
          sizes ? at::lstm(x, *sizes, states, w, biased, layers, no_dropout, train, bidirectional)
                : at::lstm(x, states, w, biased, layers, no_dropout, train, bidirectional, true);
      auto made = handle(std::move(last_cell));
      put_pair(output, state, {std::move(y), std::move(last)});
      cell_slot = made.release();
      return;
    }
    }
    throw ArgumentError("unknown recurrent cell " + std::to_string(static_cast<int>(kind)));
  });
}

ct_status ct_recurrent_pack(ct_tensor **data, ct_tensor **batch_sizes, const ct_tensor *padded,
                            const ct_tensor *lengths) {
  return guard([&] { put_pair(data, batch_sizes, at::_pack_padded_sequence(in(padded), in(lengths), true)); });
}

ct_status ct_recurrent_unpack(ct_tensor **padded, const ct_tensor *data, const ct_tensor *batch_sizes, int64_t length) {
  return guard(
      [&] { put(padded, std::get<0>(at::_pad_packed_sequence(in(data), in(batch_sizes), true, 0.0, length))); });
}
