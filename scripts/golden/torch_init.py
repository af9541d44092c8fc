"""Writes Tests/Fixtures/torch-init.json: fans, gains, standard deviations and bounds as PyTorch's own code has them.

Usage: python scripts/golden/torch_init.py   (with PyTorch 2.13.0)

The numbers are what torch.nn.init passes to uniform_ and normal_, caught on the way.
"""

import json
import math
import pathlib

import torch
from torch import nn
from torch.nn import init

caught = {}
init._no_grad_uniform_ = lambda tensor, a, b, generator=None: caught.update(low=a, high=b)
init._no_grad_normal_ = lambda tensor, mean, std, generator=None: caught.update(mean=mean, std=std)


def arguments(rule, *args, **kwargs):
    """What `rule` asks the generator for. kaiming_* call the tensor's own method, which is replaced here."""
    caught.clear()
    tensor = args[0]
    tensor.uniform_ = lambda a, b, generator=None: caught.update(low=a, high=b)
    tensor.normal_ = lambda mean, std, generator=None: caught.update(mean=mean, std=std)
    rule(*args, **kwargs)
    return caught.get("std", caught.get("high"))


shapes = [[3, 5], [1, 7], [7, 1], [768, 3072], [16, 3, 3, 3], [64, 1, 3, 3], [8, 4, 5], [6, 2, 2, 3, 4]]
cases = []
for shape in shapes:
    fan_in, fan_out = init._calculate_fan_in_and_fan_out(torch.empty(shape))
    case = {"shape": shape, "fanIn": fan_in, "fanOut": fan_out}
    new = lambda: torch.empty(shape)
    case["xavierUniformBound"] = arguments(init.xavier_uniform_, new(), gain=1.5)
    case["xavierNormalStd"] = arguments(init.xavier_normal_, new(), gain=1.5)
    case["kaimingUniformBound"] = arguments(init.kaiming_uniform_, new())
    case["kaimingNormalStd"] = arguments(init.kaiming_normal_, new())
    case["kaimingNormalFanOutReluStd"] = arguments(init.kaiming_normal_, new(), mode="fan_out", nonlinearity="relu")
    case["kaimingNormalTanhStd"] = arguments(init.kaiming_normal_, new(), nonlinearity="tanh")
    case["torchDefaultBound"] = arguments(init.kaiming_uniform_, new(), a=math.sqrt(5))
    cases.append(case)

gains = [["linear", None], ["conv2d", None], ["sigmoid", None], ["tanh", None], ["relu", None], ["leaky_relu", None],
         ["leaky_relu", 0.2], ["selu", None]]
result = {
    "torch": torch.__version__.split("+")[0],
    "gains": [{"nonlinearity": n, "negativeSlope": a, "gain": init.calculate_gain(n, a)} for n, a in gains],
    "cases": cases,
    "transposed": [
        {"shape": list(m.weight.shape), "groups": m.groups,
         "fans": list(init._calculate_fan_in_and_fan_out(m.weight))}
        for m in [nn.ConvTranspose2d(64, 16, 2), nn.ConvTranspose2d(8, 12, 3, groups=4)]
    ],
}
path = pathlib.Path(__file__).parents[2] / "Tests" / "Fixtures" / "torch-init.json"
path.write_text(json.dumps(result, indent=1) + "\n")
