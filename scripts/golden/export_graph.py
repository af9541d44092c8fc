"""The operations of a torch.export program, for TorchTests/GraphTracerTests.swift: what our tracer must record.

    .deps/venv/bin/python scripts/golden/export_graph.py
"""

import json
import pathlib

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.conv2(y) + x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, stride=2, padding=1)
        self.block = Block()
        self.norm = nn.LayerNorm(4)
        self.head = nn.Linear(4, 5)

    def forward(self, x):
        x = self.block(self.stem(x))
        x = nn.functional.max_pool2d(x, 2)
        x = nn.functional.adaptive_avg_pool2d(x, (1, 1)).flatten(1)
        x = nn.functional.gelu(self.norm(x)) * 2.0
        return nn.functional.log_softmax(self.head(x), -1)


def main():
    program = torch.export.export(Net().eval(), (torch.randn(2, 3, 8, 8),))
    signature = program.graph_signature
    stored = {**signature.inputs_to_parameters, **signature.inputs_to_buffers}
    nodes = []
    for node in program.graph.nodes:
        if node.op != "call_function":
            continue
        names = [stored.get(str(n), str(n)) for n in node.all_input_nodes]
        nodes.append(
            dict(operation=str(node.target), name=node.name, inputs=names, shape=list(node.meta["val"].shape))
        )
    folder = pathlib.Path(__file__).resolve().parents[2] / "Tests/Fixtures/torch"
    fixture = dict(
        torch=torch.__version__, script="scripts/golden/export_graph.py", nodes=nodes,
        parameters=list(signature.inputs_to_parameters.values()), buffers=list(signature.inputs_to_buffers.values()),
    )
    (folder / "export_graph.json").write_text(json.dumps(fixture, sort_keys=True, indent=1) + "\n")


if __name__ == "__main__":
    main()
