// The C interface over libtorch: what the Swift module Torch calls, one header a domain.
//
// Conventions, the same everywhere:
// - `ct_status ct_noun_verb(outs first, ins after)`. An out is written only when CT_OK is returned, and then the
//   caller owns the handle in it: free it with the matching `_free`, which accepts NULL.
// - Handles are opaque. A NULL handle is an error (CT_ERROR_ARGUMENT), except where a parameter is named optional.
// - Shapes, axes and windows are a pointer and a count. An axis may be negative, as in PyTorch.
// - No C++ exception crosses. `ct_last_error()` is the text of the calling thread's last failure.
// - Functions that cannot fail return their value directly.
// - Randomness comes from a ct_generator that the caller passes; nothing here touches a global generator.
#ifndef CTORCH_H
#define CTORCH_H

#include "ct_types.h"

#include "ct_arithmetic.h"
#include "ct_autograd.h"
#include "ct_linalg.h"
#include "ct_nn.h"
#include "ct_optimizer.h"
#include "ct_profile.h"
#include "ct_random.h"
#include "ct_recurrent.h"
#include "ct_reduction.h"
#include "ct_runtime.h"
#include "ct_tensor.h"

#endif
