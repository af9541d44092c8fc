// Recurrent layers over whole sequences: torch.nn.RNN, GRU and LSTM.
#ifndef CT_RECURRENT_H
#define CT_RECURRENT_H

#include "ct_types.h"

CT_BEGIN_DECLARATIONS

typedef enum ct_recurrent_cell { CT_RNN_TANH = 0, CT_GRU = 1, CT_LSTM = 2 } ct_recurrent_cell;

// Legend: N batch, L places, C features, H hidden features, D directions (1 or 2), S the layers.
//
// input[N, L, C], or with `batch_sizes` packed data[Σ lengths, C]; initial_state[S·D, N, H], and for CT_LSTM alone
// initial_cell of the same shape. `weights`: of each layer and direction weight_ih, weight_hh and, if `biased`, bias_ih
// and bias_hh. Gives output[N, L, D·H] (packed: [Σ lengths, D·H]) and the last state[S·D, N, H]; `cell`, which is for
// CT_LSTM alone, the last cell state.
ct_status ct_recurrent_run(ct_tensor **output, ct_tensor **state, ct_tensor **cell, ct_recurrent_cell kind,
                           const ct_tensor *input, const ct_tensor *batch_sizes, const ct_tensor *initial_state,
                           const ct_tensor *initial_cell, const ct_tensor *const *weights, size_t weight_count,
                           bool biased, int64_t layers, bool bidirectional);

// padded[N, L, …] with the longest sequence first, lengths int64[N] on the CPU, to data[Σ lengths, …], place by place,
// and how many sequences have each place: batch_sizes int64[longest].
ct_status ct_recurrent_pack(ct_tensor **data, ct_tensor **batch_sizes, const ct_tensor *padded,
                            const ct_tensor *lengths);
// The reverse; zeros fill each sequence up to `length` places.
ct_status ct_recurrent_unpack(ct_tensor **padded, const ct_tensor *data, const ct_tensor *batch_sizes, int64_t length);

CT_END_DECLARATIONS

#endif
