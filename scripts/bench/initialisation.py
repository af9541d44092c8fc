"""PyTorch's side of `idinit-benchmark`: one timed repetition for each line that it reads.

Usage: initialisation.py THREADS SHAPES      SHAPES: 30522x768,512x768,...

Answers "ready <torch version>" first, then for every line `<rule>` on standard input the seconds that
torch.nn.init took over all shapes, or "none" for a rule that it does not have. Ends with its input.
"""

import sys
import time

import torch
from torch.nn import init


def main() -> None:
    threads, shapes = int(sys.argv[1]), sys.argv[2]
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    weights = [torch.zeros([int(n) for n in shape.split("x")]) for shape in shapes.split(",")]
    rules = {
        "kaiming-normal": init.kaiming_normal_,
        "xavier-uniform": init.xavier_uniform_,
        "truncated-normal": lambda w: init.trunc_normal_(w, std=0.02, a=-0.04, b=0.04),
        "orthogonal": init.orthogonal_,
        "zero": init.zeros_,
    }
    print("ready", torch.__version__, flush=True)
    for line in sys.stdin:
        rule = rules.get(line.strip())
        if rule is None:
            print("none", flush=True)
            continue
        start = time.perf_counter()
        with torch.no_grad():
            for weight in weights:
                rule(weight)
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
