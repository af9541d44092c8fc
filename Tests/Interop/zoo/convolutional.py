"""Residual convolutional networks."""

import torch
from torch import nn

from .case import SQRT2, Case, image, logits_of, model


class BasicBlock(nn.Module):
    """torchvision's, with its names; optionally with squeeze-excitation on the stem."""

    expansion = 1

    def __init__(self, channels, width, stride, squeeze):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.se = SqueezeExcitation(width) if squeeze else None
        self.downsample = None
        if stride != 1 or channels != width:
            self.downsample = nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.se is not None:
            out = self.se(out)
        out += identity
        return self.relu(out)


class Bottleneck(nn.Module):
    """torchvision's, with its names."""

    expansion = 4

    def __init__(self, channels, width, stride, squeeze):
        super().__init__()
        out = width * self.expansion
        self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out)
        self.relu = nn.ReLU(inplace=True)
        self.se = SqueezeExcitation(out) if squeeze else None
        self.downsample = None
        if stride != 1 or channels != out:
            self.downsample = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        if self.se is not None:
            out = self.se(out)
        out += identity
        return self.relu(out)


class SqueezeExcitation(nn.Module):
    def __init__(self, channels, reduction=4):
        super().__init__()
        self.fc1 = nn.Conv2d(channels, channels // reduction, 1)
        self.fc2 = nn.Conv2d(channels // reduction, channels, 1)

    def forward(self, x):
        gate = nn.functional.adaptive_avg_pool2d(x, 1)
        return x * torch.sigmoid(self.fc2(torch.relu(self.fc1(gate))))


class ResNet(nn.Module):
    """torchvision's, with its names."""

    def __init__(self, block, layers, width, classes, squeeze=False):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        channels = width
        for stage, count in enumerate(layers):
            blocks = []
            for index in range(count):
                stride = 2 if stage > 0 and index == 0 else 1
                blocks.append(block(channels, width * 2**stage, stride, squeeze))
                channels = width * 2**stage * block.expansion
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
        self.stages = len(layers)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(torch.flatten(self.avgpool(x), 1))


RESNET_ROLES = {
    "conv1.weight": "first", "bn1.weight": "norm-scale", "bn1.bias": "norm-bias",
    "layer1.0.conv1.weight": "hidden", "layer2.0.downsample.0.weight": "shortcut",
    "layer2.0.downsample.1.weight": "norm-scale", "fc.weight": "head", "fc.bias": "bias",
}  # fmt: skip


@model("resnet18", full=True)
def resnet18(full):
    module = ResNet(BasicBlock, [2, 2, 2, 2], 64, 1000) if full else ResNet(BasicBlock, [1, 2], 8, 10)
    roles = {**RESNET_ROLES, "layer1.0.conv2.weight": "stem-last", "layer2.1.conv2.weight": "stem-last"}
    return Case(
        module, image(224 if full else 32), 8 if full else 3, roles, classes=1000 if full else 10, first_gain=SQRT2
    )


@model("resnet50", full=True)
def resnet50(full):
    module = ResNet(Bottleneck, [3, 4, 6, 3], 64, 1000) if full else ResNet(Bottleneck, [2, 2], 8, 10)
    roles = {
        **RESNET_ROLES, "layer1.0.conv2.weight": "hidden", "layer1.0.conv3.weight": "stem-last",
        "layer1.0.downsample.0.weight": "shortcut", "layer2.1.conv3.weight": "stem-last",
    }  # fmt: skip
    return Case(
        module, image(224 if full else 32), 16 if full else 4, roles, classes=1000 if full else 10, first_gain=SQRT2
    )


@model("se-resnet", full=True)
def se_resnet(full):
    """The gate's two weights lie on the stem but do not end it: the zero belongs to conv2."""
    module = ResNet(BasicBlock, [2, 2, 2, 2], 64, 1000, True) if full else ResNet(BasicBlock, [1, 2], 8, 10, True)
    roles = {
        **RESNET_ROLES, "layer1.0.conv2.weight": "stem-last", "layer1.0.se.fc1.weight": "hidden",
        "layer1.0.se.fc2.weight": "hidden",
    }  # fmt: skip
    return Case(
        module, image(224 if full else 32), 8 if full else 3, roles, classes=1000 if full else 10, first_gain=SQRT2
    )


@model("hf-resnet", full=True)
def hf_resnet(full):
    """ResNet-50 of transformers, its raw output."""
    from transformers import ResNetConfig, ResNetForImageClassification

    small = dict(embedding_size=8, hidden_sizes=[16, 32], depths=[2, 2], num_labels=10)
    module = ResNetForImageClassification(ResNetConfig(num_labels=1000) if full else ResNetConfig(**small))
    stage = "resnet.encoder.stages"
    roles = {
        "resnet.embedder.embedder.convolution.weight": "first",
        f"{stage}.0.layers.0.layer.0.convolution.weight": "hidden",
        f"{stage}.0.layers.0.layer.2.convolution.weight": "stem-last",
        f"{stage}.0.layers.0.shortcut.convolution.weight": "shortcut",
        f"{stage}.1.layers.1.layer.2.convolution.weight": "stem-last",
        "classifier.1.weight": "head",
    }
    pixels = image(224 if full else 32)
    return Case(
        module, lambda: pixels("pixel_values"), 16 if full else 4, roles,
        classes=1000 if full else 10, logits=logits_of, first_gain=SQRT2,
    )  # fmt: skip


@model("convnext", full=True)
def convnext(full):
    """ConvNeXt-T: depthwise kernels, inverted bottlenecks as linear layers on the last axis, layer scale."""
    from transformers import ConvNextConfig, ConvNextForImageClassification

    small = dict(hidden_sizes=[8, 16], depths=[1, 2], num_stages=2, num_labels=10)
    module = ConvNextForImageClassification(ConvNextConfig(num_labels=1000) if full else ConvNextConfig(**small))
    stage = "convnext.encoder.stages"
    roles = {
        "convnext.embeddings.patch_embeddings.weight": "first",
        f"{stage}.0.layers.0.dwconv.weight": "hidden",
        f"{stage}.0.layers.0.pwconv1.weight": "hidden",
        f"{stage}.0.layers.0.pwconv2.weight": "stem-last",
        f"{stage}.1.downsampling_layer.1.weight": "hidden",
        f"{stage}.0.layers.0.layernorm.weight": "norm-scale",
        "classifier.weight": "head",
    }
    pixels = image(224 if full else 32)
    return Case(
        module, lambda: pixels("pixel_values"), 18 if full else 3, roles,
        kept=(f"{stage}.0.layers.0.layer_scale_parameter",), classes=1000 if full else 10, logits=logits_of,
        learning_rate=0.2,
    )  # fmt: skip


@model("mobilenetv2", full=True)
def mobilenetv2(full):
    """Inverted residuals: of 17 only 10 have a shortcut, since the others change shape."""
    from transformers import MobileNetV2Config, MobileNetV2ForImageClassification

    config = (
        MobileNetV2Config(num_labels=1000)
        if full
        else MobileNetV2Config(depth_multiplier=0.25, min_depth=8, num_labels=10, classifier_dropout_prob=0.0)
    )
    module = MobileNetV2ForImageClassification(config)
    layer = "mobilenet_v2.layer"
    roles = {
        "mobilenet_v2.conv_stem.first_conv.convolution.weight": "first",
        "mobilenet_v2.conv_stem.reduce_1x1.convolution.weight": "hidden",
        f"{layer}.0.reduce_1x1.convolution.weight": "hidden",
        f"{layer}.1.expand_1x1.convolution.weight": "hidden",
        f"{layer}.1.conv_3x3.convolution.weight": "hidden",
        f"{layer}.1.reduce_1x1.convolution.weight": "stem-last",
        "classifier.weight": "head",
    }
    pixels = image(224 if full else 64)
    return Case(
        module,
        lambda: pixels("pixel_values"),
        10,
        roles,
        classes=1000 if full else 10,
        logits=logits_of,
        first_gain=None,
    )
