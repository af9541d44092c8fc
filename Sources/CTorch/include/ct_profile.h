// Where the time goes: how long each operation ran, by its name.
#ifndef CT_PROFILE_H
#define CT_PROFILE_H

#include "ct_types.h"

CT_BEGIN_DECLARATIONS

// Starts and ends the counting of every thread's operations, autograd's included. Pairs may be nested and overlap;
// operations are counted while any pair is open, and cost nothing otherwise. An end names the beginning that it belongs
// to, so that no one ends another's.
ct_status ct_profile_begin(uint64_t *out_pair);
ct_status ct_profile_end(uint64_t pair);

// An operation so far. `seconds` is its own time, without the operations that it called.
typedef void (*ct_profile_visitor)(void *context, const char *name, int64_t calls, double seconds);

// Calls `visit` for every operation that was ever counted in this process. The counts only grow: what a span of work
// took is the difference between two visits. `name` is valid during the call.
ct_status ct_profile_visit(ct_profile_visitor visit, void *context);

CT_END_DECLARATIONS

#endif
