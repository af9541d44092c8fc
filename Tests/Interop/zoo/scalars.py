"""Residual networks whose stems end with a learned number: Fixup, SkipInit, ReZero."""

import torch
from torch import nn
from torch.nn import functional as F

from .case import SQRT2, Case, image, model


def number(value):
    return nn.Parameter(torch.full((1,), float(value)))


def conv(channels, width, stride=1):
    return nn.Conv2d(channels, width, 3, stride, 1, bias=False)


def reduced(x, width):
    """The shortcut without weights of Fixup's CIFAR networks: every second pixel's mean, and zeros after."""
    x = F.avg_pool2d(x, 1, 2)
    return torch.cat((x, torch.zeros_like(x)), 1) if x.shape[1] != width else x


class FixupBlock(nn.Module):
    """A number is added before each convolution and activation, and one multiplies the stem."""

    def __init__(self, channels, width, stride):
        super().__init__()
        self.bias1a, self.bias1b, self.bias2a, self.bias2b = (number(0) for _ in range(4))
        self.scale = number(1)
        self.conv1, self.conv2 = conv(channels, width, stride), conv(width, width)
        self.is_plain, self.width = stride == 1 and channels == width, width

    def forward(self, x):
        y = F.relu(self.conv1(x + self.bias1a) + self.bias1b)
        y = self.conv2(y + self.bias2a) * self.scale + self.bias2b
        return F.relu(y + (x if self.is_plain else reduced(x + self.bias1a, self.width)))


class SkipInitBlock(nn.Module):
    """Pre-activation; the gain is a tensor without axes."""

    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1, self.conv2 = conv(channels, width, stride), conv(width, width)
        self.skip_gain = nn.Parameter(torch.zeros(()))
        self.shortcut = nn.Conv2d(channels, width, 1, stride, bias=False) if channels != width else None

    def forward(self, x):
        y = F.relu(x)
        side = x if self.shortcut is None else self.shortcut(y)
        return side + self.skip_gain * self.conv2(F.relu(self.conv1(y)))


class ReZeroBlock(nn.Module):
    """With batch norms, as ReZero's authors have it in ResNets."""

    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1, self.bn1 = conv(channels, width, stride), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = conv(width, width), nn.BatchNorm2d(width)
        self.resweight = number(0)
        self.is_plain, self.width = stride == 1 and channels == width, width

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(self.resweight * y + (x if self.is_plain else reduced(x, self.width)))


class CIFARNet(nn.Module):
    """The paper's ResNet for CIFAR-10 with another block; `has_biases` adds Fixup's two numbers outside of blocks."""

    def __init__(self, block, width, depth, has_biases=False):
        super().__init__()
        self.conv1 = conv(3, width)
        self.bias1, self.bias2 = (number(0), number(0)) if has_biases else (None, None)
        widths = [width, width, 2 * width, 4 * width]
        self.blocks = nn.Sequential(*(
            block(widths[stage] if index == 0 else widths[stage + 1], widths[stage + 1], 2 if stage and not index else 1)
            for stage in range(3) for index in range(depth)
        ))  # fmt: skip
        self.linear = nn.Linear(widths[-1], 10)

    def forward(self, x):
        x = self.conv1(x)
        x = F.relu(x if self.bias1 is None else x + self.bias1)
        x = self.blocks(x).mean((2, 3))
        return self.linear(x if self.bias2 is None else x + self.bias2)


def cifar(block, full, roles, **facts):
    roles = {
        "conv1.weight": "first", "blocks.0.conv1.weight": "hidden", "blocks.0.conv2.weight": "stem-last",
        "linear.weight": "head", "linear.bias": "bias",
    } | roles  # fmt: skip
    depth = 9 if full else 2
    module = CIFARNet(block, 16 if full else 8, depth, has_biases=block is FixupBlock)
    return Case(module, image(32), 3 * depth, roles, first_gain=SQRT2, classes=10, **facts)


@model("fixup-resnet", full=True)
def fixup_resnet(full):
    biases = ["bias1", "bias2"] + [f"blocks.{block}.bias{name}" for block in (0, 2) for name in ("1a", "1b", "2a", "2b")]
    roles = dict.fromkeys(biases, "scalar-bias") | dict.fromkeys(("blocks.0.scale", "blocks.2.scale"), "residual-scale")
    return cifar(FixupBlock, full, roles)


@model("skipinit-resnet", full=True)
def skipinit_resnet(full):
    shortcut = "blocks.9.shortcut.weight" if full else "blocks.2.shortcut.weight"
    return cifar(SkipInitBlock, full, {"blocks.0.skip_gain": "residual-scale", shortcut: "shortcut"})


@model("rezero-resnet", full=True)
def rezero_resnet(full):
    return cifar(ReZeroBlock, full, {"blocks.0.resweight": "residual-scale", "blocks.0.bn2.weight": "norm-scale"})


class ReZeroLayer(nn.Module):
    """An encoder layer without norms; attention and feed-forward share one number."""

    def __init__(self, width, heads):
        super().__init__()
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.linear1, self.linear2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.dropout = nn.Dropout(0.1)
        self.resweight = number(0)

    def forward(self, x):
        y = self.attention(x, x, x, need_weights=False)[0]
        x = x + self.dropout(self.resweight * y)
        y = self.linear2(self.dropout(F.relu(self.linear1(x))))
        return x + self.dropout(self.resweight * y)


class ReZeroEncoder(nn.Module):
    def __init__(self, width, heads, depth, vocabulary, classes):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.layers = nn.Sequential(*(ReZeroLayer(width, heads) for _ in range(depth)))
        self.output = nn.Linear(width, classes)

    def forward(self, x):
        return self.output(self.layers(self.embedding(x)).mean(1))


@model("rezero-transformer")
def rezero_transformer(full):
    module = ReZeroEncoder(32, 4, 3, 50, 7)
    roles = {
        "embedding.weight": "embedding", "layers.0.resweight": "residual-scale",
        "layers.2.resweight": "residual-scale", "layers.0.linear2.weight": "stem-last",
        "layers.0.attention.out_proj.weight": "attention-output", "output.weight": "head",
    }  # fmt: skip
    return Case(
        module, lambda: {"x": torch.randint(0, 50, (4, 6))}, 6, roles, first_gain=None, classes=7,
        kept=("embedding.weight",),
    )  # fmt: skip
