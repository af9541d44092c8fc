// The interface is C, not C++: this file does not build when a header is anything but plain C11.
#pragma clang diagnostic error "-Wpedantic"
#pragma clang diagnostic error "-Wall"

#include "include/ctorch.h"

_Static_assert(__STDC_VERSION__ >= 201112L, "the headers are C11");
_Static_assert(CT_OK == 0, "success is zero");
