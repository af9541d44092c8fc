"""Trajectories of torch.optim on fixed gradients, for TorchTests/OptimizerTests.swift.

Run from the repository's root with the Python that the bootstrap installs:
    .deps/venv/bin/python scripts/golden/optimizers.py

The gradients are no random numbers but a formula in float64, rounded to float32, which the Swift test repeats:
    g[k] at step t = sin(0.7 k + 1.3 t) + 0.3 cos(0.11 k t), k the element's index over all parameters.
"""

import json
import math
import pathlib

import torch

SHAPES = [[3, 4], [4], [2, 3, 2]]
STEPS = 50
RECORDED = [1, 2, 3, 10, 50]

CASES = {
    "sgd": (torch.optim.SGD, dict(lr=0.1)),
    "sgd-weight-decay": (torch.optim.SGD, dict(lr=0.1, weight_decay=5e-2)),
    "sgd-momentum": (torch.optim.SGD, dict(lr=0.05, momentum=0.9, weight_decay=5e-4)),
    "sgd-dampening": (torch.optim.SGD, dict(lr=0.05, momentum=0.9, dampening=0.5, weight_decay=1e-2)),
    "sgd-nesterov": (torch.optim.SGD, dict(lr=0.05, momentum=0.9, nesterov=True, weight_decay=5e-3)),
    "adam": (torch.optim.Adam, dict(lr=1e-2)),
    "adam-weight-decay": (torch.optim.Adam, dict(lr=1e-2, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)),
    "adamw": (torch.optim.AdamW, dict(lr=1e-2)),
    "adamw-weight-decay": (torch.optim.AdamW, dict(lr=1e-2, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)),
    "adagrad": (torch.optim.Adagrad, dict(lr=5e-2)),
    "adagrad-all": (
        torch.optim.Adagrad,
        dict(lr=5e-2, lr_decay=1e-2, weight_decay=1e-2, initial_accumulator_value=0.1, eps=1e-8),
    ),
    "adadelta": (torch.optim.Adadelta, dict(lr=1.0)),
    "adadelta-all": (torch.optim.Adadelta, dict(lr=0.5, rho=0.95, eps=1e-5, weight_decay=1e-2)),
}


def start(k: int) -> float:
    return math.cos(0.37 * k)


def gradient(k: int, t: int) -> float:
    return math.sin(0.7 * k + 1.3 * t) + 0.3 * math.cos(0.11 * k * t)


def trajectory(make, options):
    """The parameters, flattened one after another, after the recorded steps. Not fused, not foreach: PyTorch's
    plain formulas, step by step."""
    offsets = [0]
    for shape in SHAPES:
        offsets.append(offsets[-1] + math.prod(shape))
    parameters = [
        torch.tensor([start(k) for k in range(a, b)], dtype=torch.float64).float().reshape(shape).requires_grad_()
        for shape, a, b in zip(SHAPES, offsets, offsets[1:])
    ]
    optimizer = make(parameters, foreach=False, **options)
    recorded = {}
    for t in range(1, STEPS + 1):
        for p, a, b in zip(parameters, offsets, offsets[1:]):
            p.grad = torch.tensor([gradient(k, t) for k in range(a, b)], dtype=torch.float64).float().reshape(p.shape)
        optimizer.step()
        if t in RECORDED:
            recorded[str(t)] = [v for p in parameters for v in p.detach().flatten().tolist()]
    return recorded


def main():
    cases = {name: trajectory(make, options) for name, (make, options) in CASES.items()}
    folder = pathlib.Path(__file__).resolve().parents[2] / "Tests/Fixtures/torch"
    folder.mkdir(parents=True, exist_ok=True)
    fixture = dict(torch=torch.__version__, script="scripts/golden/optimizers.py", shapes=SHAPES, cases=cases)
    (folder / "optimizers.json").write_text(json.dumps(fixture, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
