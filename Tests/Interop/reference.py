"""The method once more, in ten lines of PyTorch, written from the paper's equations."""

import math

import torch


def idi(rows, columns, tau=1.0):
    """IDI (Equation 3): tau where column = row mod columns."""
    m, j = torch.arange(rows)[:, None], torch.arange(columns)[None, :]
    return torch.where(m % columns == j, torch.tensor(tau, dtype=torch.float64), 0.0)


def idiz(rows, columns, epsilon=1e-6):
    """IDIZ (Section 3.3.2): IDI(eps), and -eps so that every row is a difference of two inputs."""
    w = idi(rows, columns, epsilon)
    if rows < columns:
        w[:, rows:] = idi(rows, columns - rows, -epsilon)
    else:
        m = torch.arange(rows)
        w[m, (m % columns + 1) % columns] = -epsilon
    return w


def kernel(matrix, shape, order):
    """The matrix out x (in * k...k), laid back as PyTorch wants it."""
    out, channels, *window = shape
    if order == "channel-first":
        return matrix.reshape(shape)
    return matrix.reshape(out, math.prod(window), channels).transpose(1, 2).reshape(shape)
