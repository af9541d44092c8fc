"""Networks without residual blocks: sums and concatenations that look like some must not be taken for them."""

import torch
from torch import nn

from .case import SQRT2, Case, image, model


class AllConv(nn.Module):
    """All-CNN-C of Springenberg et al. (2015): convolutions only, the classifier a 1×1 one."""

    def __init__(self, width, classes):
        super().__init__()
        a, b = width, 2 * width
        self.features = nn.Sequential(
            nn.Conv2d(3, a, 3, 1, 1), nn.ReLU(), nn.Conv2d(a, a, 3, 1, 1), nn.ReLU(),
            nn.Conv2d(a, a, 3, 2, 1), nn.ReLU(), nn.Conv2d(a, b, 3, 1, 1), nn.ReLU(),
            nn.Conv2d(b, b, 3, 1, 1), nn.ReLU(), nn.Conv2d(b, b, 3, 2, 1), nn.ReLU(),
            nn.Conv2d(b, b, 3, 1, 0), nn.ReLU(), nn.Conv2d(b, b, 1), nn.ReLU(), nn.Conv2d(b, classes, 1), nn.ReLU(),
        )  # fmt: skip

    def forward(self, x):
        return self.features(x).mean((2, 3))


@model("all-conv", full=True)
def all_conv(full):
    module = AllConv(96 if full else 16, 10)
    roles = {
        "features.0.weight": "first", "features.2.weight": "hidden", "features.16.weight": "hidden",
        "features.0.bias": "bias",
    }  # fmt: skip
    return Case(module, image(32), 0, roles, learning_rate=0.01, first_gain=SQRT2)


class DoubleConv(nn.Sequential):
    def __init__(self, channels, out):
        super().__init__(
            nn.Conv2d(channels, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True),
            nn.Conv2d(out, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True),
        )  # fmt: skip


class UNet(nn.Module):
    """Ronneberger et al. (2015) with padding: skips are concatenations, the way up transposed convolutions."""

    def __init__(self, width, depth, classes):
        super().__init__()
        widths = [width * 2**level for level in range(depth + 1)]
        self.down = nn.ModuleList(DoubleConv(i, o) for i, o in zip([3, *widths[:-2]], widths[:-1]))
        self.bottom = DoubleConv(widths[-2], widths[-1])
        self.rise = nn.ModuleList(nn.ConvTranspose2d(w, w // 2, 2, 2) for w in reversed(widths[1:]))
        self.up = nn.ModuleList(DoubleConv(w, w // 2) for w in reversed(widths[1:]))
        self.out = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
            x = nn.functional.max_pool2d(x, 2)
        x = self.bottom(x)
        for rise, block in zip(self.rise, self.up):
            x = block(torch.cat([skips.pop(), rise(x)], 1))
        return self.out(x)


@model("unet", full=True)
def unet(full):
    module = UNet(64, 4, 2) if full else UNet(8, 2, 2)
    roles = {
        "down.0.0.weight": "first", "down.0.3.weight": "hidden", "bottom.0.weight": "hidden",
        "rise.0.weight": "hidden", "up.0.0.weight": "hidden", "out.weight": "hidden",
    }  # fmt: skip
    # Of a pixel's logits the class axis is the second one. IDI passes on the first part of a concatenation, which is
    # the skip; the columns that read the other part are zero until the first step, so that the way down opens one
    # level a step.
    return Case(
        module, image(256 if full else 32, 1 if full else 2), 0, roles, logits=lambda y: y.movedim(1, -1),
        first_gain=SQRT2, steps=1 + (4 if full else 2),
    )  # fmt: skip


class DenseLayer(nn.Module):
    def __init__(self, channels, growth):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(channels), nn.Conv2d(channels, 4 * growth, 1, bias=False)
        self.norm2, self.conv2 = nn.BatchNorm2d(4 * growth), nn.Conv2d(4 * growth, growth, 3, 1, 1, bias=False)

    def forward(self, features):
        x = torch.cat(features, 1)
        return self.conv2(torch.relu(self.norm2(self.conv1(torch.relu(self.norm1(x))))))


class DenseNet(nn.Module):
    """Huang et al. (2017): every layer reads all before it, concatenated."""

    def __init__(self, growth, blocks, classes):
        super().__init__()
        channels = 2 * growth
        self.conv0 = nn.Conv2d(3, channels, 3, 1, 1, bias=False)
        self.blocks, self.transitions = nn.ModuleList(), nn.ModuleList()
        for count in blocks:
            self.blocks.append(nn.ModuleList(DenseLayer(channels + i * growth, growth) for i in range(count)))
            channels += count * growth
            self.transitions.append(
                nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, channels // 2, 1, bias=False))
            )
            channels //= 2
        self.norm = nn.BatchNorm2d(channels)
        self.classifier = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.conv0(x)
        for layers, transition in zip(self.blocks, self.transitions):
            features = [x]
            for layer in layers:
                features.append(layer(features))
            x = nn.functional.avg_pool2d(transition(torch.cat(features, 1)), 2)
        return self.classifier(torch.relu(self.norm(x)).mean((2, 3)))


@model("densenet", full=True)
def densenet(full):
    module = DenseNet(32, (6, 12, 24, 16), 1000) if full else DenseNet(4, (2, 2), 10)
    roles = {
        "conv0.weight": "first", "blocks.0.0.conv1.weight": "hidden", "blocks.0.0.conv2.weight": "hidden",
        "blocks.0.0.norm1.weight": "norm-scale", "transitions.0.2.weight": "hidden", "classifier.weight": "hidden",
    }  # fmt: skip
    return Case(module, image(64 if full else 16), 0, roles, first_gain=SQRT2)


class Inception(nn.Module):
    """Branches of equal standing, added: no residual, since none of them is a shortcut."""

    def __init__(self):
        super().__init__()
        self.left = nn.Sequential(nn.Conv2d(3, 8, 1), nn.ReLU(), nn.Conv2d(8, 8, 3, 1, 1))
        self.right = nn.Sequential(nn.Conv2d(3, 8, 3, 1, 1), nn.ReLU(), nn.Conv2d(8, 8, 3, 1, 1))
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        return self.fc(torch.relu(self.left(x) + self.right(x)).mean((2, 3)))


@model("branches")
def branches(full):
    roles = {"left.0.weight": "first", "right.0.weight": "first", "left.2.weight": "hidden", "fc.weight": "hidden"}
    return Case(Inception(), image(16), 0, roles, first_gain=SQRT2)


class Multimodal(nn.Module):
    """Two inputs with no common past, added after an encoder each."""

    def __init__(self):
        super().__init__()
        self.text = nn.Embedding(50, 16)
        self.encode = nn.Linear(16, 32)
        self.pixels = nn.Linear(48, 32)
        self.fc = nn.Linear(32, 10)

    def forward(self, ids, image):
        return self.fc(torch.relu(self.encode(self.text(ids).mean(1)) + self.pixels(image.flatten(1))))


@model("two-inputs")
def two_inputs(full):
    roles = {"text.weight": "embedding", "encode.weight": "hidden", "pixels.weight": "first", "fc.weight": "hidden"}

    def inputs():
        return {"ids": torch.randint(0, 50, (2, 7)), "image": torch.randn(2, 3, 4, 4)}

    return Case(Multimodal(), inputs, 0, roles, kept=("text.weight",), first_gain=SQRT2)
