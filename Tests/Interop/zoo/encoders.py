"""Encoders of text: most of them with the norm after the addition."""

import torch
from torch import nn

from .case import Case, logits_of, model, tokens


def attention(prefix, query, key, value, output):
    """The four roles of an attention whose weights lie apart."""
    return {
        f"{prefix}.{query}.weight": "query", f"{prefix}.{key}.weight": "key", f"{prefix}.{value}.weight": "value",
        f"{prefix}.{output}.weight": "attention-output",
    }  # fmt: skip


@model("bert", full=True)
def bert(full):
    """BERT-base with a classifier of six classes."""
    from transformers import BertConfig, BertForSequenceClassification

    small = dict(
        vocab_size=97, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=32,
    )  # fmt: skip
    config = BertConfig(**({} if full else small), num_labels=6)
    layer = "bert.encoder.layer.0"
    roles = {
        "bert.embeddings.word_embeddings.weight": "embedding",
        "bert.embeddings.position_embeddings.weight": "embedding",
        "bert.embeddings.token_type_embeddings.weight": "embedding",
        "bert.embeddings.LayerNorm.weight": "norm-scale",
        **attention(f"{layer}.attention", "self.query", "self.key", "self.value", "output.dense"),
        f"{layer}.attention.self.query.bias": "bias",
        f"{layer}.intermediate.dense.weight": "hidden",
        f"{layer}.output.dense.weight": "stem-last",
        f"{layer}.output.LayerNorm.bias": "norm-bias",
        "bert.pooler.dense.weight": "hidden",
        "classifier.weight": "head",
    }

    def inputs():
        mask = torch.ones(2, 16, dtype=torch.long)
        mask[1, 12:] = 0
        return {"input_ids": tokens(config.vocab_size, 16), "attention_mask": mask}

    return Case(
        BertForSequenceClassification(config), inputs, 24 if full else 4, roles,
        kept=("bert.embeddings.word_embeddings.weight",), classes=6, logits=logits_of,
    )  # fmt: skip


@model("distilbert", full=True)
def distilbert(full):
    from transformers import DistilBertConfig, DistilBertForSequenceClassification

    small = dict(vocab_size=97, dim=32, n_layers=2, n_heads=4, hidden_dim=64, max_position_embeddings=32)
    config = DistilBertConfig(**({} if full else small), num_labels=6)
    layer = "distilbert.transformer.layer.0"
    roles = {
        "distilbert.embeddings.word_embeddings.weight": "embedding",
        **attention(f"{layer}.attention", "q_lin", "k_lin", "v_lin", "out_lin"),
        f"{layer}.ffn.lin1.weight": "hidden",
        f"{layer}.ffn.lin2.weight": "stem-last",
        "pre_classifier.weight": "hidden",
        "classifier.weight": "head",
    }
    return Case(
        DistilBertForSequenceClassification(config), lambda: {"input_ids": tokens(config.vocab_size, 16)},
        12 if full else 4, roles, classes=6, logits=logits_of,
    )  # fmt: skip


@model("albert", full=True)
def albert(full):
    """ALBERT-base: every layer is the same layer, so that all blocks share their weights."""
    from transformers import AlbertConfig, AlbertForSequenceClassification

    size = (
        dict(hidden_size=768, num_attention_heads=12, intermediate_size=3072)
        if full
        else dict(
            vocab_size=97, embedding_size=16, hidden_size=32, num_hidden_layers=3, num_attention_heads=4,
            intermediate_size=64, max_position_embeddings=32,
        )
    )  # fmt: skip
    config = AlbertConfig(**size, num_labels=6)
    layer = "albert.encoder.albert_layer_groups.0.albert_layers.0"
    roles = {
        "albert.embeddings.word_embeddings.weight": "embedding",
        "albert.encoder.embedding_hidden_mapping_in.weight": "hidden",
        **attention(f"{layer}.attention", "query", "key", "value", "dense"),
        f"{layer}.ffn.weight": "hidden",
        f"{layer}.ffn_output.weight": "stem-last",
        "albert.pooler.weight": "hidden",
        "classifier.weight": "head",
    }
    return Case(
        AlbertForSequenceClassification(config), lambda: {"input_ids": tokens(config.vocab_size, 16)},
        24 if full else 6, roles, classes=6, logits=logits_of,
    )  # fmt: skip


class Encoder(nn.Module):
    """torch.nn.TransformerEncoder: Q, K and V packed in `in_proj_weight`."""

    def __init__(self, vocabulary, width, heads, layers, classes, norm_first):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        layer = nn.TransformerEncoderLayer(width, heads, 4 * width, batch_first=True, norm_first=norm_first)
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.fc = nn.Linear(width, classes)

    def forward(self, ids):
        return self.fc(self.encoder(self.embedding(ids)).mean(1))


def transformer_encoder(full, norm_first):
    vocabulary, layers = (30000, 6) if full else (97, 2)
    module = Encoder(vocabulary, *((512, 8) if full else (32, 4)), layers, 6, norm_first)
    layer = "encoder.layers.0"
    roles = {
        "embedding.weight": "embedding",
        f"{layer}.self_attn.in_proj_weight": ("query", "key", "value"),
        f"{layer}.self_attn.in_proj_bias": "bias",
        f"{layer}.self_attn.out_proj.weight": "attention-output",
        f"{layer}.linear1.weight": "hidden",
        f"{layer}.linear2.weight": "stem-last",
        f"{layer}.norm1.weight": "norm-scale",
        "fc.weight": "head",
    }
    return Case(
        module, lambda: {"ids": tokens(vocabulary, 16)}, 2 * layers, roles, kept=("embedding.weight",), classes=6
    )


@model("transformer-encoder", full=True)
def post_norm(full):
    return transformer_encoder(full, norm_first=False)


@model("transformer-encoder-prenorm")
def pre_norm(full):
    return transformer_encoder(full, norm_first=True)
