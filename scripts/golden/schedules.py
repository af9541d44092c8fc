"""Learning rates of torch.optim.lr_scheduler, for TorchTests/LearningRateScheduleTests.swift.

    .deps/venv/bin/python scripts/golden/schedules.py
"""

import json
import pathlib
import warnings

import torch
from torch.optim import lr_scheduler as s

BASE = 0.1
WARMUP, TOTAL = 5, 30


def rates(make, steps=TOTAL + 1):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=BASE)
    scheduler = make(optimizer)
    values = []
    for _ in range(steps):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return values


CASES = {
    "cosine": lambda o: s.CosineAnnealingLR(o, T_max=TOTAL),
    "cosine-floor": lambda o: s.CosineAnnealingLR(o, T_max=TOTAL, eta_min=0.01),
    "linear": lambda o: s.LinearLR(o, start_factor=0.25, end_factor=0.75, total_iters=10),
    "warmup-cosine": lambda o: s.SequentialLR(
        o,
        [
            s.LinearLR(o, start_factor=0.1, end_factor=1.0, total_iters=WARMUP),
            s.CosineAnnealingLR(o, T_max=TOTAL - WARMUP, eta_min=0.01),
        ],
        milestones=[WARMUP],
    ),
    "warmup-linear": lambda o: s.SequentialLR(
        o,
        [
            s.LinearLR(o, start_factor=0.1, end_factor=1.0, total_iters=WARMUP),
            s.LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=TOTAL - WARMUP),
        ],
        milestones=[WARMUP],
    ),
    "step": lambda o: s.StepLR(o, step_size=7, gamma=0.3),
    "milestones": lambda o: s.MultiStepLR(o, milestones=[4, 20, 25], gamma=0.2),
}


def main():
    warnings.simplefilter("ignore")  # SequentialLR calls a deprecated argument of its own schedulers
    folder = pathlib.Path(__file__).resolve().parents[2] / "Tests/Fixtures/torch"
    folder.mkdir(parents=True, exist_ok=True)
    fixture = dict(
        torch=torch.__version__, script="scripts/golden/schedules.py", base=BASE,
        cases={name: rates(make) for name, make in CASES.items()},
    )
    (folder / "schedules.json").write_text(json.dumps(fixture, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
