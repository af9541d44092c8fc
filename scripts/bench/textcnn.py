"""PyTorch's side of the TextCNN training benchmark: Tables 5 and 7.

Reads lines `eager N` or `foreach N` from standard input, runs N training steps of Kim's TextCNN (sentences of 20 words in
batches of 50, 50 numbers a word, 16,000 words, windows of 3, 4 and 5 with 100 maps each, dropout 0.5, Adadelta) that way and
answers each with the seconds they took. `eager` leaves to Adadelta how it steps, which on a CPU is one parameter after the
other; `foreach` asks for lists of them. Sentences are drawn by index from words without meaning.

usage: textcnn.py THREADS
"""

import time

import torch
from torch import nn
from torch.nn import functional

from peer import serve

BATCH, SENTENCES, LENGTH, VOCABULARY, WIDTH = 50, 2500, 20, 16000, 50


class TextCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH, padding_idx=0)
        self.convs = nn.ModuleList([nn.Conv1d(WIDTH, 100, window, padding=window) for window in (3, 4, 5)])
        self.dropout = nn.Dropout(0.5)
        self.fc = nn.Linear(300, 2)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.1)

    def forward(self, ids):
        x = self.embedding(ids).transpose(1, 2)
        features = torch.cat([functional.relu(convolution(x)).amax(2) for convolution in self.convs], 1)
        return self.fc(self.dropout(features))


class Trainer:
    def __init__(self, way):
        torch.manual_seed(0)
        self.network = TextCNN()
        options = {"foreach": True} if way == "foreach" else {}
        self.optimizer = torch.optim.Adadelta(self.network.parameters(), lr=1.0, rho=0.9, **options)
        self.ids = torch.randint(1, VOCABULARY, (SENTENCES, LENGTH))
        self.labels = torch.arange(SENTENCES) % 2

    def run(self, steps):
        order = torch.randperm(SENTENCES)
        start = time.perf_counter()
        for step in range(steps):
            first = step * BATCH % SENTENCES
            index = order[first : first + BATCH]
            loss = functional.cross_entropy(self.network(self.ids[index]), self.labels[index])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            loss.item()  # looked at in every step, as ours is
        return time.perf_counter() - start


def main():
    serve(Trainer)


if __name__ == "__main__":
    main()
