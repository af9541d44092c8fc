"""Writes Tests/Fixtures/CLI: programs of torch.export for CLITests, besides those of exported_programs.py. All but
`pickled` are on the meta device: they have a graph and no values.

    .deps/venv/bin/python scripts/golden/cli_programs.py
"""

import json
import pathlib
import zipfile

import torch
from torch import nn
from torch.nn import functional as F

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/Fixtures/CLI"


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, outputs):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, outputs, 1, bias=False), nn.BatchNorm2d(outputs)
        self.downsample = None
        if inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(self.bn3(self.conv3(y)) + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 8, 7, stride=2, bias=False), nn.BatchNorm2d(8)
        self.layer1 = nn.Sequential(Bottleneck(8, 8, 32), Bottleneck(32, 8, 32), Bottleneck(32, 8, 32))
        self.layer2 = nn.Sequential(Bottleneck(32, 16, 64), Bottleneck(64, 16, 64))
        self.fc = nn.Linear(64, 10)
        self.register_buffer("mean", torch.zeros(3))

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x - self.mean[:, None, None])))
        return self.fc(self.layer2(self.layer1(x)).mean((2, 3)))


class Layer(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(size), nn.LayerNorm(size)
        self.query, self.key, self.value = (nn.Linear(size, size) for _ in range(3))
        self.output = nn.Linear(size, size)
        self.up, self.down = nn.Linear(size, 2 * size), nn.Linear(2 * size, size)

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.output(F.scaled_dot_product_attention(self.query(y), self.key(y), self.value(y)))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Encoder(nn.Module):
    def __init__(self, size=16, depth=4):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(50, size), nn.Embedding(6, size)
        self.layers = nn.ModuleList([Layer(size) for _ in range(depth)])
        self.norm, self.classifier = nn.LayerNorm(size), nn.Linear(size, 5)

    def forward(self, ids):
        x = self.tokens(ids) + self.positions(torch.arange(ids.shape[1], device=ids.device))
        for layer in self.layers:
            x = layer(x)
        return self.classifier(self.norm(x)[:, 0])


class FixupBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        for name in ("bias1a", "bias1b", "bias2a", "bias2b"):
            setattr(self, name, nn.Parameter(torch.zeros(1)))
        self.scale = nn.Parameter(torch.ones(1))
        self.conv1, self.conv2 = (nn.Conv2d(width, width, 3, padding=1, bias=False) for _ in range(2))

    def forward(self, x):
        y = F.relu(self.conv1(x + self.bias1a) + self.bias1b)
        return F.relu(self.conv2(y + self.bias2a) * self.scale + self.bias2b + x)


class Fixup(nn.Module):
    def __init__(self, width=16, depth=3):
        super().__init__()
        self.conv1, self.bias1 = nn.Conv2d(3, width, 3, padding=1, bias=False), nn.Parameter(torch.zeros(1))
        self.layer1 = nn.Sequential(*(FixupBlock(width) for _ in range(depth)))
        self.bias2, self.linear = nn.Parameter(torch.zeros(1)), nn.Linear(width, 10)

    def forward(self, x):
        x = self.layer1(F.relu(self.conv1(x) + self.bias1))
        return self.linear(x.mean((2, 3)) + self.bias2)


def save(name, module, *inputs):
    torch.export.save(torch.export.export(module.eval(), inputs), FOLDER / f"{name}.pt2")


def save_pickled():
    """A program whose embedding is pickled, as tensor subclasses are."""
    path, plain = FOLDER / "pickled.pt2", FOLDER / "plain.pt2"
    save("plain", nn.Sequential(nn.Embedding(5, 4), nn.Linear(4, 4)), torch.tensor([[1, 2]]))
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename.endswith("model_weights_config.json"):
                config = json.loads(content)
                config["config"]["0.weight"]["use_pickle"] = True
                content = json.dumps(config).encode()
            target.writestr(zipfile.ZipInfo(member.filename.replace("plain/", "pickled/")), content)
    plain.unlink()


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with torch.device("meta"):
        save("resnet-meta", ResNet(), torch.empty(2, 3, 32, 32))
        save("encoder-meta", Encoder(), torch.empty(2, 6, dtype=torch.long))
        save("fixup-meta", Fixup(), torch.empty(2, 3, 32, 32))
        # 34 GB, so that there is time to end a run that writes it.
        save("huge-meta", nn.Linear(1 << 16, 1 << 17, bias=False), torch.empty(1, 1 << 16))
    save_pickled()


if __name__ == "__main__":
    main()
