"""Writes Tests/Fixtures/ExportedProgram: small programs of torch.export, and what is in them, for
ModelFilesTests/ExportedProgram*Tests.swift.

    .deps/venv/bin/python scripts/golden/exported_programs.py [NAME…]

For each program: NAME.pt2; NAME.safetensors, its state_dict in row-major order; NAME.json, its operations as
`ExportedProgram.graph` has them in Python, which is another way to them than the file's text.
"""

import json
import math
import operator
import pathlib
import sys

import torch
from safetensors.torch import save_file
from torch import nn
from torch.export import Dim, export
from torch.nn import functional as F

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/Fixtures/ExportedProgram"


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, groups=2)

    def forward(self, x):
        return F.relu(x + self.conv2(F.relu(self.bn1(self.conv1(x)))))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, stride=2, padding=1, dilation=1)
        self.blocks = nn.Sequential(Block(4), Block(4))
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)).mean((2, 3)))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(8), nn.LayerNorm(8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.up, self.down = nn.Linear(8, 16), nn.Linear(16, 8)

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Conv1D(nn.Module):
    """GPT-2's: a linear layer whose weight is stored [in, out]."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.randn(inputs, outputs)), nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        return torch.addmm(self.bias, x.reshape(-1, x.shape[-1]), self.weight).reshape(*x.shape[:-1], -1)


class GPT(nn.Module):
    """Embedding and head are one parameter."""

    def __init__(self):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(11, 8), nn.Embedding(6, 8)
        self.attn, self.proj = Conv1D(8, 24), Conv1D(8, 8)
        self.lm_head = nn.Linear(8, 11, bias=False)
        self.lm_head.weight = self.wte.weight

    def forward(self, ids):
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        q, k, v = (t.unflatten(-1, (2, 4)).transpose(1, 2) for t in self.attn(x).split(8, dim=-1))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.lm_head(x + self.proj(y.transpose(1, 2).flatten(2)))


class LSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.head = nn.LSTM(4, 5, num_layers=2, bidirectional=True, batch_first=True), nn.Linear(10, 2)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


class InPlace(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)
        self.activation = nn.ReLU(inplace=True)

    def forward(self, x):
        y = self.activation(self.a(x))
        y += x
        return self.b(y).mul_(0.5).clamp_(max=math.inf)


class Split(nn.Module):
    """Operations with several results, some of which nobody uses."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 12)

    def forward(self, x):
        a, b, _ = self.linear(x).chunk(3, dim=-1)
        c, d = torch.split(b, [1, 3], dim=-1)
        values, _ = torch.topk(a, 2)
        largest = a.max(dim=-1)[0]
        return {"sum": values + c, "rest": (d, largest), "label": "text"}


class Buffers(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("scale", torch.tensor([1.0, 2.0, 3.0, 4.0]))
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64))
        self.register_buffer("hidden", torch.ones(4), persistent=False)
        self.plain = torch.tensor([5.0, 6.0, 7.0, 8.0])
        self.linear = nn.Linear(4, 4)

    def forward(self, x):
        self.steps += 1
        mask = torch.tensor([True, False, True, False])
        return torch.where(mask, self.linear(x) * self.scale + self.hidden, self.plain)


class Strided(nn.Module):
    """Parameters that are views: a transpose, a slice of a longer storage, every second row, a broadcast, nothing."""

    def __init__(self):
        super().__init__()
        whole = torch.arange(40.0).reshape(8, 5)
        self.transposed = nn.Parameter(torch.arange(12.0).reshape(4, 3).t())
        self.slice, self.steps = nn.Parameter(whole[2:5]), nn.Parameter(whole[::2, 1:4])
        self.register_buffer("broadcast", torch.tensor([[1.0], [2.0]]).expand(2, 3))
        self.register_buffer("channels_last", torch.arange(48.0).reshape(2, 3, 4, 2).to(memory_format=torch.channels_last))
        self.empty = nn.Parameter(torch.empty(0, 3))
        self.scalar = nn.Parameter(torch.tensor(2.5))

    def forward(self, x):
        y = x @ self.transposed * self.scalar + self.steps.sum() + self.slice.sum() + self.broadcast.sum()
        return y + self.channels_last.sum() + self.empty.sum()


class Reused(nn.Module):
    """One layer under two names, a parameter of two memories' worth of names, one used twice, one never."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.again = self.first
        self.second = nn.Linear(4, 4)
        self.shared = nn.Parameter(self.second.weight.data)
        self.unused = nn.Parameter(torch.ones(3))

    def forward(self, x):
        x = self.again(self.first(x))
        return x @ self.shared + self.second(x) + F.linear(x, self.second.weight)


class Dynamic(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 6)

    def forward(self, x, *, mask=None, scale: float = 1.0):
        x = self.linear(x)
        x = x.view(x.shape[0] * x.shape[1], 2, 3)
        return x.transpose(1, 2).reshape(x.shape[0], -1)[1:] * scale


class Scopes(nn.Module):
    """Graphs inside nodes: gradients switched off, another precision, a condition."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x):
        with torch.no_grad():
            y = self.a(x)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            z = self.b(y)
        def left(v):
            return self.c(v)
        def right(v):
            return v.clone()
        return torch.cond(x.sum() > 0, left, right, (z.float(),))


class Operations(nn.Module):
    """Operations whose arguments are given by name, out of order, or with gaps."""

    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose1d(4, 4, 3, stride=2, dilation=2, output_padding=1)
        self.depthwise = nn.Conv1d(4, 8, 3, padding="same", groups=2, bias=False)
        self.scale, self.shift = nn.Parameter(torch.ones(8)), nn.Parameter(torch.zeros(8))
        self.kernel = nn.Parameter(torch.randn(8, 8, 1))

    def forward(self, x):
        x = self.depthwise(self.up(x))
        x = F.conv1d(x, self.kernel, groups=1, bias=self.shift)
        x = F.layer_norm(x.transpose(1, 2), (8,), bias=self.shift)
        x = F.rms_norm(x, (8,), self.scale, eps=1e-5)
        x = torch.add(x, self.shift, alpha=0.5).clamp(max=2.0)
        y = torch.addcmul(x, x, self.scale, value=0.5)
        z = torch.einsum("bij,bkj->bik", x, y)
        z = torch.baddbmm(z, x, y.transpose(1, 2), alpha=0.1)
        a = F.scaled_dot_product_attention(x, y, x, scale=0.5)
        b = F.batch_norm(y.transpose(1, 2), None, None, bias=self.shift, training=True).transpose(1, 2)
        return torch.cat([a, F.dropout(b, 0.1, training=False)], dim=-1), torch.softmax(z, dim=-1, dtype=torch.float64)


def programs():
    image, sequence = torch.randn(2, 3, 8, 8), torch.randn(2, 5, 8)
    yield "resnet-train", ResNet().train(), (image,), {}
    yield "resnet-eval", ResNet().eval(), (image,), {}
    yield "resnet-decomposed", ResNet().train(), (image,), dict(decompose=True)
    yield "transformer", Transformer().train(), (sequence,), {}
    yield "transformer-decomposed", Transformer().eval(), (sequence,), dict(decompose=True)
    yield "gpt", GPT(), (torch.ones(2, 6, dtype=torch.int64),), {}
    yield "lstm", LSTM(), (torch.randn(2, 3, 4),), {}
    yield "in-place", InPlace(), (torch.randn(2, 4),), {}
    yield "split", Split(), (torch.randn(2, 4),), {}
    yield "buffers", Buffers(), (torch.randn(2, 4),), {}
    yield "strided", Strided(), (torch.randn(2, 3),), {}
    yield "reused", Reused(), (torch.randn(2, 4),), {}
    batch = Dim("batch", min=2, max=64)
    yield "dynamic", Dynamic(), (torch.randn(3, 5, 4),), dict(
        dynamic_shapes=dict(x={0: batch, 1: Dim.AUTO}, mask=None, scale=None), kwargs=dict(mask=None, scale=2.0))
    yield "scopes", Scopes(), (torch.randn(2, 4),), {}
    yield "operations", Operations(), (torch.randn(2, 4, 6),), {}
    yield "bfloat16", Transformer().bfloat16(), (sequence.bfloat16(),), {}
    with torch.device("meta"):
        yield "meta", GPT(), (torch.ones(2, 6, dtype=torch.int64),), {}


def modules(node):
    stack = list((node.meta.get("nn_module_stack") or {}).values())
    return stack[-1][0].split("@")[0] if stack and stack[-1][0] else None


def results(node):
    """The names of a node's tensors, as the file gives them: those of the getitem nodes that take them apart."""
    value = node.meta.get("val")
    if isinstance(value, torch.Tensor):
        return [(node.name, value)]
    if not isinstance(value, (tuple, list)):
        return []
    taken = {}
    for user in node.users:
        if user.target is operator.getitem:
            taken.setdefault(user.args[1], user.name)
    return [(taken.get(i, f"{node.name}_unused_{i}"), v) for i, v in enumerate(value) if isinstance(v, torch.Tensor)]


def argument(value):
    """A tensor by its name, a list of tensors by theirs, None as it is, anything else as "…"."""
    if isinstance(value, torch.fx.Node):
        return value.name if isinstance(value.meta.get("val"), torch.Tensor) else "…"
    if isinstance(value, (list, tuple)) and value and all(isinstance(v, torch.fx.Node) for v in value):
        tensors = [v.name for v in value if isinstance(v.meta.get("val"), torch.Tensor)]
        return tensors or "…"
    return None if value is None else "…"


def arguments(node):
    """The arguments at their places in the operation's schema; None for those that have their default."""
    schema = getattr(node.target, "_schema", None)
    if schema is None:
        return None
    given = []
    for position, parameter in enumerate(schema.arguments):
        if position < len(node.args):
            given.append(argument(node.args[position]))
        else:
            given.append(argument(node.kwargs.get(parameter.name)))
    while given and given[-1] is None:
        given.pop()
    return given


def contents(program):
    signature = program.graph_signature
    nodes = []
    for node in program.graph.nodes:
        if node.op != "call_function" or node.target is operator.getitem:
            continue
        made = results(node)
        if not made:
            continue
        nodes.append(
            dict(
                operation=str(node.target), arguments=arguments(node), module=modules(node), outputs=[n for n, _ in made],
                shapes=[[int(s) if isinstance(s, int) else s.node.hint for s in v.shape] for _, v in made],
                dtypes=[str(v.dtype).removeprefix("torch.") for _, v in made],
                inputs=[n.name for n in node.all_input_nodes if isinstance(n.meta.get("val"), torch.Tensor)],
            )
        )
    return dict(
        torch=torch.__version__, nodes=nodes, parameters=dict((v, k) for k, v in signature.inputs_to_parameters.items()),
        buffers=dict((v, k) for k, v in signature.inputs_to_buffers.items()),
        persistent=[b for b in signature.buffers if b not in signature.non_persistent_buffers],
        inputs=[n for n in signature.user_inputs if isinstance(n, str) and n in
                [p.name for p in program.graph.nodes if isinstance(p.meta.get("val"), torch.Tensor)]],
        outputs=[n for n in signature.user_outputs if isinstance(n, str) and n != "text"],
    )


def forget_places(module):
    """Takes the paths of this machine out of a graph's metadata."""
    for part in module.modules():
        if isinstance(part, torch.fx.GraphModule):
            for node in part.graph.nodes:
                for key in ("stack_trace", "from_node", "custom"):
                    node.meta.pop(key, None)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, model, arguments, options in programs():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        decompose = options.pop("decompose", False)
        program = export(model, arguments, **options)
        if decompose:
            program = program.run_decompositions()
        forget_places(program.graph_module)
        torch.export.save(program, str(FOLDER / f"{name}.pt2"))
        state = program.state_dict
        if name != "meta":
            save_file({k: v.detach().contiguous().clone() for k, v in state.items()}, FOLDER / f"{name}.safetensors")
        (FOLDER / f"{name}.json").write_text(json.dumps(contents(program), indent=None, sort_keys=True) + "\n")
        print(name, (FOLDER / f"{name}.pt2").stat().st_size)


if __name__ == "__main__":
    main()
