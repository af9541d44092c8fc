"""Vision transformers and their relatives."""

import torch
from torch import nn

from .case import Case, image, logits_of, model


def classifier(module, size, blocks, roles, classes, **more):
    pixels = image(size)
    return Case(module, lambda: pixels("pixel_values"), blocks, roles, classes=classes, logits=logits_of, **more)


@model("vit", full=True)
def vit(full):
    """ViT-B/32."""
    from transformers import ViTConfig, ViTForImageClassification

    small = dict(
        image_size=32, patch_size=8, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        num_labels=10,
    )  # fmt: skip
    module = ViTForImageClassification(ViTConfig(patch_size=32, num_labels=1000) if full else ViTConfig(**small))
    layer = "vit.encoder.layer.0"
    roles = {
        "vit.embeddings.patch_embeddings.projection.weight": "first",
        f"{layer}.attention.attention.query.weight": "query",
        f"{layer}.attention.attention.key.weight": "key",
        f"{layer}.attention.attention.value.weight": "value",
        f"{layer}.attention.output.dense.weight": "attention-output",
        f"{layer}.intermediate.dense.weight": "hidden",
        f"{layer}.output.dense.weight": "stem-last",
        f"{layer}.layernorm_before.weight": "norm-scale",
        "classifier.weight": "head",
    }
    kept = ("vit.embeddings.cls_token", "vit.embeddings.position_embeddings")
    return classifier(module, 224 if full else 32, 24 if full else 4, roles, 1000 if full else 10, kept=kept)


@model("swin", full=True)
def swin(full):
    """Swin-T: windows, a table of relative positions, patch merging between stages."""
    from transformers import SwinConfig, SwinForImageClassification

    small = dict(
        image_size=32, patch_size=2, embed_dim=16, depths=[2, 2], num_heads=[2, 4], window_size=4, num_labels=10,
        drop_path_rate=0.0,
    )  # fmt: skip
    module = SwinForImageClassification(SwinConfig(num_labels=1000) if full else SwinConfig(**small))
    layer = "swin.encoder.layers.0.blocks.0"
    roles = {
        "swin.embeddings.patch_embeddings.projection.weight": "first",
        f"{layer}.attention.self.query.weight": "query",
        f"{layer}.attention.self.key.weight": "key",
        f"{layer}.attention.self.value.weight": "value",
        f"{layer}.attention.output.dense.weight": "attention-output",
        f"{layer}.intermediate.dense.weight": "hidden",
        f"{layer}.output.dense.weight": "stem-last",
        "swin.encoder.layers.0.downsample.reduction.weight": "hidden",
        "classifier.weight": "head",
    }
    kept = (f"{layer}.attention.self.relative_position_bias_table",)
    return classifier(module, 224 if full else 32, 24 if full else 8, roles, 1000 if full else 10, kept=kept)


class Attention(nn.Module):
    """timm's: one weight for Q, K and V, taken apart by reshape, permute and unbind."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        batch, length, width = x.shape
        qkv = self.qkv(x).reshape(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        x = nn.functional.scaled_dot_product_attention(q, k, v)
        return self.proj(x.transpose(1, 2).reshape(batch, length, width))


class LayerScale(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gamma = nn.Parameter(torch.full((width,), 0.1))

    def forward(self, x):
        return x * self.gamma


class DropPath(nn.Module):
    """Stochastic depth, as timm has it."""

    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, x):
        if not self.training:
            return x
        mask = x.new_empty(x.shape[0], *[1] * (x.ndim - 1)).bernoulli_(1 - self.rate)
        return x * mask.div_(1 - self.rate)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.attn, self.ls1 = nn.LayerNorm(width), Attention(width, heads), LayerScale(width)
        self.norm2, self.ls2, self.drop_path = nn.LayerNorm(width), LayerScale(width), DropPath(0.1)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(width, 4 * width), "fc2": nn.Linear(4 * width, width)})

    def forward(self, x):
        x = x + self.drop_path(self.ls1(self.attn(self.norm1(x))))
        y = self.mlp["fc2"](nn.functional.gelu(self.mlp["fc1"](self.norm2(x))))
        return x + self.drop_path(self.ls2(y))


class TimmViT(nn.Module):
    def __init__(self, size, patch, width, depth, heads, classes):
        super().__init__()
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, width, patch, patch)})
        self.cls_token = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.pos_embed = nn.Parameter(torch.randn(1, (size // patch) ** 2 + 1, width) * 0.02)
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        x = self.patch_embed["proj"](x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


@model("timm-vit", full=True)
def timm_vit(full):
    """ViT-S/16 with layer scale and stochastic depth, packed Q, K and V."""
    module = TimmViT(224, 16, 384, 12, 6, 1000) if full else TimmViT(32, 8, 32, 2, 4, 10)
    roles = {
        "patch_embed.proj.weight": "first", "blocks.0.attn.qkv.weight": ("query", "key", "value"),
        "blocks.0.attn.qkv.bias": "bias", "blocks.0.attn.proj.weight": "attention-output",
        "blocks.0.mlp.fc1.weight": "hidden", "blocks.0.mlp.fc2.weight": "stem-last", "head.weight": "head",
    }  # fmt: skip
    kept = ("cls_token", "pos_embed", "blocks.0.ls1.gamma", "blocks.0.ls2.gamma")
    return Case(module, image(224 if full else 32), 24 if full else 4, roles, kept=kept, classes=1000 if full else 10)


@model("segformer", full=True)
def segformer(full):
    """MiT-b0 as a classifier: keys and values read a shortened sequence, the MLP has a depthwise kernel."""
    from transformers import SegformerConfig, SegformerForImageClassification

    small = dict(
        depths=[1, 2], num_encoder_blocks=2, hidden_sizes=[8, 16], sr_ratios=[2, 1], num_attention_heads=[1, 2],
        patch_sizes=[7, 3], strides=[4, 2], mlp_ratios=[2, 2], num_labels=10, drop_path_rate=0.0,
    )  # fmt: skip
    module = SegformerForImageClassification(SegformerConfig(num_labels=1000) if full else SegformerConfig(**small))
    block = "segformer.encoder.block.0.0"
    roles = {
        "segformer.encoder.patch_embeddings.0.proj.weight": "first",
        "segformer.encoder.patch_embeddings.1.proj.weight": "hidden",
        f"{block}.attention.self.query.weight": "query",
        f"{block}.attention.self.key.weight": "key",
        f"{block}.attention.self.value.weight": "value",
        f"{block}.attention.self.sr.weight": "hidden",
        f"{block}.attention.output.dense.weight": "attention-output",
        f"{block}.mlp.dense1.weight": "hidden",
        f"{block}.mlp.dwconv.dwconv.weight": "hidden",
        f"{block}.mlp.dense2.weight": "stem-last",
        "classifier.weight": "head",
    }
    return classifier(module, 128 if full else 32, 16 if full else 6, roles, 1000 if full else 10)


@model("poolformer", full=True)
def poolformer(full):
    """PoolFormer-S12: half of the stems only pool, and have no weight that could carry the zero."""
    from transformers import PoolFormerConfig, PoolFormerForImageClassification

    small = dict(
        hidden_sizes=[8, 16, 16, 16], depths=[1, 1, 1, 1], num_labels=10, patch_sizes=[7, 3, 3, 3],
        strides=[4, 2, 1, 1], drop_path_rate=0.0,
    )  # fmt: skip
    module = PoolFormerForImageClassification(PoolFormerConfig(num_labels=1000) if full else PoolFormerConfig(**small))
    block = "poolformer.encoder.block.0.0"
    roles = {
        "poolformer.encoder.patch_embeddings.0.projection.weight": "first",
        "poolformer.encoder.patch_embeddings.1.projection.weight": "hidden",
        f"{block}.output.conv1.weight": "hidden",
        f"{block}.output.conv2.weight": "stem-last",
        "classifier.weight": "head",
    }
    kept = (f"{block}.layer_scale_1", f"{block}.layer_scale_2")
    return classifier(module, 224 if full else 32, 24 if full else 8, roles, 1000 if full else 10, kept=kept)
