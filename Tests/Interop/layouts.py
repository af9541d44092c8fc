"""What the real modules say about how a weight is laid out, and what its values are to be: written from PyTorch's
documentation of each module and the paper's equations, with nothing from the planner."""

import re

import torch
from reference import idi, idiz
from torch import nn

# The looseness ε_τ is 1e-6; ten standard deviations, which none of a billion draws exceeds.
LOOSE = 1e-5


def matrices(module):
    """Name -> function that takes a weight and returns what it multiplies columns by, (outputs, inputs · window)."""
    views = {}
    for prefix, child in module.named_modules(remove_duplicate=False):
        own = dict(child.named_parameters(recurse=False))
        for name, parameter in own.items():
            if view := _view(child, name, parameter):
                views[f"{prefix}.{name}" if prefix else name] = view
    return views


def _view(module, name, parameter):
    if isinstance(module, nn.modules.conv._ConvTransposeNd):
        # (in, out, window…), PyTorch's documentation of ConvTranspose2d.
        return (lambda w: w.transpose(0, 1).flatten(1)) if name == "weight" and module.groups == 1 else None
    if isinstance(module, nn.modules.conv._ConvNd):
        return (lambda w: w.flatten(1)) if name == "weight" else None
    if isinstance(module, nn.RNNBase):
        return (lambda w: w) if name.startswith("weight_") else None
    if isinstance(module, nn.MultiheadAttention):
        return (lambda w: w) if name == "in_proj_weight" else None
    if isinstance(module, nn.Linear):
        return (lambda w: w) if name == "weight" else None
    if type(module).__name__ == "Conv1D":  # transformers': (in, out)
        return (lambda w: w.T) if name == "weight" else None
    return None


def parts(case, name, matrix):
    """The matrices that a packed weight holds, by the case's own word, given for one layer and good for all of them.

    Most are stacked one after the other and of one size.
    """

    def any_layer(name):
        return re.sub(r"(?<=\.)\d+(?=\.)", "*", name)

    for known, rows in case.rows.items():
        if any_layer(known) == any_layer(name):
            return [matrix[list(r)] for r in rows]
    for known, role in case.roles.items():
        if isinstance(role, tuple) and any_layer(known) == any_layer(name):
            return list(matrix.chunk(len(role)))
    return [matrix]


def expected_rule(case, name):
    """(rule, gain) of a parameter with a known role; (rule, None) where the case does not say what the gain is."""
    role = case.roles[name]
    role = role[0] if isinstance(role, tuple) else role
    if role in ("stem-last", "attention-output", "head"):
        return "idiz", None
    return "idi", (case.first_gain if role == "first" else 1.0)


def values_that_differ(case, plan, weights):
    """Where the file's values are not those of the paper's equations; a line for each such parameter."""
    lines = []
    views = matrices(case.module)
    for row in plan["parameters"]:
        name, rule = row["name"], row["rule"]
        if rule == "zero" and weights[name].abs().max() > 0:
            lines.append(f"{name} is not zero")
        if name not in views or rule == "kept":
            continue
        family, gain = rule.removesuffix("c"), row["gain"]
        if name in case.roles:
            family, known = expected_rule(case, name)
            gain = gain if known is None else known
        shape = list(weights[name].shape)
        packed = parts(case, name, views[name](weights[name]))
        for index, part in enumerate(packed):
            what = f"{name} {shape}" + (f", matrix {index}" if len(packed) > 1 else "")
            if line := _difference(part, family, gain, row["epsilon"] or 1e-6):
                lines.append(f"{what}: {line}")
    return lines


def _difference(part, family, gain, epsilon):
    if family == "idiz":
        if not torch.equal(part, idiz(*part.shape, epsilon).to(part.dtype)):
            return "is not IDIZ"
    elif family == "idi":
        expected = idi(*part.shape, gain).to(part.dtype)
        if not torch.equal(part != 0, expected != 0):
            return "has its non-zero elements in other places than IDI"
        if (part - expected).abs().max() > LOOSE:
            return f"is not IDI({gain})"
    else:
        return f"gets {family}, which is no rule of IDInit"
    return None
