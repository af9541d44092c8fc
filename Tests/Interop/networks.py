"""The paper's networks for CIFAR-10 in plain PyTorch, each block as its own authors write it.

    .deps/venv/bin/python Tests/Interop/networks.py FOLDER

writes what NetworksTests compares the Swift networks with, two files a network:

    NAME.safetensors   random weights and running statistics (model.*), images, labels, the logits in evaluation and in
                       training mode, and from the latter's cross-entropy the gradients (grad.*) and the running
                       statistics (after.*)
    NAME.pt2           the network as torch.export saves it

and BERT of `transformers` (bert.py).
"""

import logging
import pathlib
import sys
import warnings

import bert
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn


def conv3x3(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)


class OptionA(nn.Module):
    """akamaster's shortcut: every second pixel, new channels of zeros on both sides."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.added = outputs - inputs

    def forward(self, x):
        if self.added == 0:
            return x
        return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.added // 2, self.added // 2))


class PlainBlock(nn.Module):
    def __init__(self, inputs, outputs, stride, normalised):
        super().__init__()
        self.conv1 = conv3x3(inputs, outputs, stride)
        self.bn1 = nn.BatchNorm2d(outputs) if normalised else nn.Identity()
        self.conv2 = conv3x3(outputs, outputs)
        self.bn2 = nn.BatchNorm2d(outputs) if normalised else nn.Identity()
        self.shortcut = OptionA(inputs, outputs)

    def stem(self, x):
        return self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))

    def forward(self, x):
        return F.relu(self.stem(x) + self.shortcut(x))


class SkipInitBlock(PlainBlock):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.skip_gain = nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        return F.relu(self.shortcut(x) + self.skip_gain * self.stem(x))


class ReZeroBlock(PlainBlock):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.resweight = nn.Parameter(torch.tensor([0.0]))

    def forward(self, x):
        return F.relu(self.resweight * self.stem(x) + self.shortcut(x))


class FixupBlock(nn.Module):
    def __init__(self, inputs, outputs, stride, normalised):
        super().__init__()
        assert not normalised
        self.bias1a = nn.Parameter(torch.zeros(1))
        self.conv1 = conv3x3(inputs, outputs, stride)
        self.bias1b = nn.Parameter(torch.zeros(1))
        self.bias2a = nn.Parameter(torch.zeros(1))
        self.conv2 = conv3x3(outputs, outputs)
        self.scale = nn.Parameter(torch.ones(1))
        self.bias2b = nn.Parameter(torch.zeros(1))
        self.resizes = stride != 1

    def forward(self, x):
        identity = x
        y = F.relu(self.conv1(x + self.bias1a) + self.bias1b)
        y = self.conv2(y + self.bias2a) * self.scale + self.bias2b
        if self.resizes:
            identity = F.avg_pool2d(x + self.bias1a, 1, stride=2)
            identity = torch.cat((identity, torch.zeros_like(identity)), dim=1)
        return F.relu(y + identity)


class ResNet(nn.Module):
    def __init__(self, depth, block=PlainBlock, normalised=True):
        super().__init__()
        self.fixup = block is FixupBlock
        self.conv1 = conv3x3(3, 16)
        if self.fixup:
            self.bias1 = nn.Parameter(torch.zeros(1))
        self.bn1 = nn.BatchNorm2d(16) if normalised else nn.Identity()
        n = (depth - 2) // 6
        self.layer1 = nn.Sequential(*[block(16, 16, 1, normalised) for _ in range(n)])
        self.layer2 = nn.Sequential(*[block(32 if i else 16, 32, 1 if i else 2, normalised) for i in range(n)])
        self.layer3 = nn.Sequential(*[block(64 if i else 32, 64, 1 if i else 2, normalised) for i in range(n)])
        if self.fixup:
            self.bias2 = nn.Parameter(torch.zeros(1))
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        y = self.bn1(self.conv1(x))
        y = F.relu(y + self.bias1 if self.fixup else y)
        y = self.layer3(self.layer2(self.layer1(y)))
        y = F.avg_pool2d(y, y.size(3)).flatten(1)
        return self.linear(y + self.bias2 if self.fixup else y)


class AllConv(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 96, 3, padding=1)
        self.conv2 = nn.Conv2d(96, 96, 3, padding=1)
        self.conv3 = nn.Conv2d(96, 96, 3, padding=1, stride=2)
        self.conv4 = nn.Conv2d(96, 192, 3, padding=1)
        self.conv5 = nn.Conv2d(192, 192, 3, padding=1)
        self.conv6 = nn.Conv2d(192, 192, 3, padding=1, stride=2)
        self.conv7 = nn.Conv2d(192, 192, 3, padding=1)
        self.conv8 = nn.Conv2d(192, 192, 1)
        self.conv9 = nn.Conv2d(192, 10, 1)

    def forward(self, x):
        for convolution in list(self.children())[:-1]:
            x = F.relu(convolution(x))
        return F.adaptive_avg_pool2d(self.conv9(x), 1).flatten(1)


class LongStem(nn.Module):
    """Two convolutions and a residual block whose stem has 109 of them."""

    def __init__(self):
        super().__init__()
        self.conv1 = conv3x3(3, 16)
        self.conv2 = conv3x3(16, 16, stride=2)
        self.stem = nn.Sequential(*(conv3x3(16, 16) for _ in range(109)))
        self.linear = nn.Linear(16, 10)

    def forward(self, x):
        x = y = F.relu(self.conv2(F.relu(self.conv1(x))))
        for convolution in self.stem[:-1]:
            y = F.relu(convolution(y))
        return self.linear(F.relu(self.stem[-1](y) + x).mean((2, 3)))


NETWORKS = {
    "resnet20": lambda: ResNet(20),
    "resnet20-bare": lambda: ResNet(20, normalised=False),
    "resnet20-fixup": lambda: ResNet(20, FixupBlock, normalised=False),
    "resnet20-skipinit": lambda: ResNet(20, SkipInitBlock, normalised=False),
    "resnet20-rezero": lambda: ResNet(20, ReZeroBlock),
    "resnet56": lambda: ResNet(56),
    "resnet110": lambda: ResNet(110),
    "allconv": AllConv,
    "longstem": LongStem,
}


def randomise(module):
    """No number that a mistake could hide behind: no scalar 0 or 1, no two channels alike."""
    for name, tensor in module.named_parameters():
        if tensor.dim() > 1:
            nn.init.kaiming_normal_(tensor)
        elif name.endswith(("bn1.weight", "bn2.weight")):
            nn.init.uniform_(tensor, 0.5, 1.5)
        elif name.endswith(("scale", "skip_gain", "resweight")):
            nn.init.uniform_(tensor, 0.3, 0.7)
        else:
            nn.init.uniform_(tensor, -0.3, 0.3)
    for name, tensor in module.named_buffers():
        if name.endswith("running_mean"):
            nn.init.uniform_(tensor, -0.3, 0.3)
        elif name.endswith("running_var"):
            nn.init.uniform_(tensor, 0.5, 1.5)


def write(name, make, folder):
    torch.manual_seed(20)
    module = make()
    randomise(module)
    # Copies, since a module's state follows its training.
    tensors = {f"model.{key}": value.clone() for key, value in module.state_dict().items()}
    tensors["images"] = images = torch.randn(8, 3, 32, 32)
    tensors["labels"] = labels = torch.randint(0, 10, (8,))
    module.eval()
    with torch.no_grad():
        tensors["logits.eval"] = module(images)
    torch.export.save(torch.export.export(module, (images[:2],)), folder / f"{name}.pt2")
    module.train()
    logits = module(images)
    F.cross_entropy(logits, labels).backward()
    tensors["logits.train"] = logits.detach()
    tensors |= {f"grad.{key}": value.grad for key, value in module.named_parameters()}
    tensors |= {f"after.{key}": value for key, value in module.named_buffers()}
    # Safetensors sorts tensors by size; the parameters' order is the module's.
    order = {"parameters": "\n".join(key for key, _ in module.named_parameters())}
    save_file(tensors, folder / f"{name}.safetensors", metadata=order)


if __name__ == "__main__":
    logging.getLogger("torch.__trace").propagate = False
    warnings.simplefilter("ignore")
    for name, make in NETWORKS.items():
        write(name, make, pathlib.Path(sys.argv[1]))
    bert.write(pathlib.Path(sys.argv[1]))
