"""What PyTorch's sides of the training benchmarks have in common: requests on standard input, answers on standard output."""

import sys

import torch


def serve(make, warmup=2):
    """Answers `ready VERSION`, then every line `WAY N` with the seconds that N training steps took that way.

    `make` is a function of the way: a trainer with `run(steps)`, which is made once and warmed up. What fails, such as
    torch.compile without a C++ compiler, is answered with `failed` and the reason, which goes into the table.

    The program's own argument is the number of threads.
    """
    torch.set_num_threads(int(sys.argv[1]))
    trainers = {}
    print(f"ready {torch.__version__}", flush=True)
    for line in sys.stdin:
        way, steps = line.split()
        try:
            if way not in trainers:
                trainers[way] = make(way)
                trainers[way].run(warmup)
            print(trainers[way].run(int(steps)), flush=True)
        except Exception as error:
            print("failed", type(error).__name__, str(error).splitlines()[0] if str(error) else "", flush=True)
