"""PyTorch's side of the Linear-5 training benchmark.

Reads lines `eager N` or `compile N` from standard input, runs N training steps of the paper's Linear-5
(Section C.1: hidden width 512, SGD with momentum 0.9 and weight decay 5e-4, batch 128) that way and answers
each with the seconds they took. The data stay in memory and batches are gathered by index, as on our side.

usage: linear5.py THREADS
"""

import time

import torch

from peer import serve

BATCH, IMAGES, WIDTHS = 128, 8192, [784, 512, 512, 512, 512, 10]


class Trainer:
    def __init__(self, compiled: bool):
        torch.manual_seed(0)
        layers = []
        for i, (fan_in, fan_out) in enumerate(zip(WIDTHS, WIDTHS[1:])):
            layers.append(torch.nn.Linear(fan_in, fan_out))
            if i < len(WIDTHS) - 2:
                layers.append(torch.nn.ReLU())
        self.network = torch.nn.Sequential(*layers)
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
        self.images, self.labels = torch.randn(IMAGES, WIDTHS[0]), torch.randint(10, (IMAGES,))
        self.loss = torch.compile(self.forward) if compiled else self.forward

    def forward(self, x, y):
        return torch.nn.functional.cross_entropy(self.network(x), y)

    def run(self, steps: int) -> float:
        order = torch.randperm(IMAGES)
        start = time.perf_counter()
        for step in range(steps):
            first = step * BATCH % IMAGES
            index = order[first : first + BATCH]
            loss = self.loss(self.images[index], self.labels[index])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
        return time.perf_counter() - start


def main():
    serve(lambda way: Trainer(compiled=way == "compile"), warmup=10)


if __name__ == "__main__":
    main()
