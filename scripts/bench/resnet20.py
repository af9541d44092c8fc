"""PyTorch's side of the ResNet-20 training benchmark.

Reads lines from standard input and answers each with a number:

  eager N, channels-last N, compile N   the seconds of N training steps of that way, one network for each
  prepare WAY                           makes the network and the images of a way; answers as `peak`
  peak                                  the most memory that this process ever had resident, in MB
  images K                              trains on K images from now on (before the first steps)

A step is that of the paper's Table 4: batch 128, cross-entropy, SGD with momentum 0.9, weight decay 5e-4 and rate 0.1.
The data are normalised floats in memory and batches are gathered by index; nothing is cropped or mirrored, so that
PyTorch's side has less to do than ours.

usage: resnet20.py THREADS
"""

import sys
import time

import torch
from torch import nn
from torch.nn import functional

BATCH = 128


class Block(nn.Module):
    """With the shortcut "A" that has no weights, as akamaster's pytorch_resnet_cifar10 has it."""

    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.gained = channels - inputs

    def forward(self, x):
        out = functional.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.gained:
            half = self.gained // 2
            x = functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, half, half))
        out += x
        return functional.relu(out)


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        blocks, inputs = [], 16
        for channels in [16, 32, 64]:
            for _ in range(3):
                blocks.append(Block(inputs, channels, 1 if channels == inputs else 2))
                inputs = channels
        self.blocks = nn.Sequential(*blocks)
        self.linear = nn.Linear(64, 10)
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x):
        x = self.blocks(functional.relu(self.bn1(self.conv1(x))))
        return self.linear(functional.avg_pool2d(x, x.size()[3]).flatten(1))


class Trainer:
    def __init__(self, way, images):
        torch.manual_seed(0)
        self.network, self.count = ResNet20(), images
        self.images, self.labels = torch.randn(images, 3, 32, 32), torch.randint(10, (images,))
        if way == "channels-last":
            self.network.to(memory_format=torch.channels_last)
            self.images = self.images.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
        self.loss = torch.compile(self.forward) if way == "compile" else self.forward

    def forward(self, x, y):
        return functional.cross_entropy(self.network(x), y)

    def run(self, steps):
        order = torch.randperm(self.count)
        start = time.perf_counter()
        for step in range(steps):
            first = step * BATCH % (self.count - BATCH + 1)
            index = order[first : first + BATCH]
            loss = self.loss(self.images[index], self.labels[index])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            loss.item()  # looked at in every step, as ours is
        return time.perf_counter() - start


def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


def main():
    torch.set_num_threads(int(sys.argv[1]))
    trainers, images = {}, 2560
    print(f"ready {torch.__version__}", flush=True)
    for line in sys.stdin:
        way, *rest = line.split()
        try:
            if way == "peak":
                print(peak(), flush=True)
            elif way == "prepare":
                trainers[rest[0]] = Trainer(rest[0], images)
                print(peak(), flush=True)
            elif way == "images":
                images = int(rest[0])
                print(images, flush=True)
            else:
                if way not in trainers:
                    trainers[way] = Trainer(way, images)
                    trainers[way].run(2)
                print(trainers[way].run(int(rest[0])), flush=True)
        except Exception as error:  # torch.compile needs a C++ compiler; the reason goes into the table
            print("failed", type(error).__name__, str(error).splitlines()[0] if str(error) else "", flush=True)


if __name__ == "__main__":
    main()
