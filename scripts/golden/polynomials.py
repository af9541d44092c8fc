"""Prints the polynomials of Sources/IDInit/Random/BoxMuller.swift: the least greatest error on their intervals.

Usage: python scripts/golden/polynomials.py   (with numpy)
"""

import numpy as np


def fit(function, degree, high, weight):
    """Coefficients in y on [0, high] that minimise the greatest |error| * weight(y), by Lawson's iteration."""
    y = np.sort(high / 2 + high / 2 * np.cos(np.pi * (np.arange(4000) + 0.5) / 4000))
    basis = np.vander(y / high, degree + 1, increasing=True)
    share = np.ones_like(y)
    for _ in range(400):
        scale = np.sqrt(share) * weight(y)
        coefficients, *_ = np.linalg.lstsq(basis * scale[:, None], function(y) * scale, rcond=None)
        error = np.abs((basis @ coefficients - function(y)) * weight(y))
        share *= error / error.max() + 1e-9
        share /= share.sum()
    return coefficients / high ** np.arange(degree + 1), error.max()


root_half = (np.sqrt(2) - 1) / (np.sqrt(2) + 1)
quarter = np.pi / 2
for name, function, degree, high, weight in [
    ("artanh(s)/s in s^2", lambda y: np.arctanh(np.sqrt(y)) / np.sqrt(y), 3, root_half**2, np.ones_like),
    ("sin(x)/x in x^2", lambda y: np.sin(np.sqrt(y)) / np.sqrt(y), 4, quarter**2, np.sqrt),
    ("cos(x) in x^2", lambda y: np.cos(np.sqrt(y)), 4, quarter**2, np.ones_like),
]:
    coefficients, error = fit(function, degree, high, weight)
    print(name, ["%.9g" % c for c in coefficients], "greatest error %.1e" % error)
