// Which libtorch this compiles against. Every .cpp includes this first, through ct_support.hpp.
#pragma once

#if !__has_include(<torch/version.h>)
#error libtorch not found, run scripts/bootstrap (or set LIBTORCH to a folder that holds include/ and lib/)
#endif

#include <torch/version.h>

#ifndef IDINIT_ANY_LIBTORCH
namespace ct {

constexpr bool libtorch_was_checked =
    TORCH_VERSION_MAJOR == 2 && (TORCH_VERSION_MINOR == 11 || TORCH_VERSION_MINOR == 13);

static_assert(libtorch_was_checked,
              "found libtorch " TORCH_VERSION "; checked with libtorch 2.11 and 2.13. "
              "Install one of those (scripts/bootstrap), or build with IDINIT_ANY_LIBTORCH=1 to go on all the same");

} // namespace ct
#endif
