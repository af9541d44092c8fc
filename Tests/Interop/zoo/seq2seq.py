"""Encoder and decoder: two residual streams, joined by cross-attention."""

import torch

from .case import Case, exportable, logits_of, model, tokens


@model("t5", full=True)
def t5(full):
    """T5-small: the head and both embeddings are one tensor; ReLU in the MLPs."""
    from transformers import T5Config, T5ForConditionalGeneration

    size = {} if full else dict(vocab_size=97, d_model=32, d_kv=8, d_ff=64, num_layers=2, num_heads=4, dropout_rate=0.0)
    config = T5Config(**size, decoder_start_token_id=0)
    encoder, decoder = "encoder.block.0", "decoder.block.0"

    def attention(prefix):
        return {
            f"{prefix}.q.weight": "query", f"{prefix}.k.weight": "key", f"{prefix}.v.weight": "value",
            f"{prefix}.o.weight": "attention-output",
        }  # fmt: skip

    roles = {
        "shared.weight": "embedding",
        **attention(f"{encoder}.layer.0.SelfAttention"),
        f"{encoder}.layer.1.DenseReluDense.wi.weight": "hidden",
        f"{encoder}.layer.1.DenseReluDense.wo.weight": "stem-last",
        **attention(f"{decoder}.layer.0.SelfAttention"),
        **attention(f"{decoder}.layer.1.EncDecAttention"),
        f"{decoder}.layer.2.DenseReluDense.wi.weight": "hidden",
        f"{decoder}.layer.2.DenseReluDense.wo.weight": "stem-last",
        f"{encoder}.layer.0.layer_norm.weight": "norm-scale",
        "lm_head.weight": "embedding",
    }

    def inputs():
        return {
            "input_ids": tokens(config.vocab_size, 12), "decoder_input_ids": tokens(config.vocab_size, 8),
            "use_cache": False,
        }  # fmt: skip

    tied = ("encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight")
    return Case(
        T5ForConditionalGeneration(config), inputs, 5 * config.num_layers, roles, logits=logits_of,
        kept=("shared.weight", *tied), tied=dict.fromkeys(tied, "shared.weight"),
    )  # fmt: skip


@model("whisper", full=True)
def whisper(full):
    """Whisper-tiny: two convolutions read the sound; the head is the decoder's embedding."""
    from transformers import WhisperConfig, WhisperForConditionalGeneration

    size = (
        {}
        if full
        else dict(
            vocab_size=97, d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
            decoder_attention_heads=4, encoder_ffn_dim=64, decoder_ffn_dim=64, max_source_positions=16,
            max_target_positions=16, num_mel_bins=12, pad_token_id=0, bos_token_id=1, eos_token_id=2,
            decoder_start_token_id=1,
        )
    )  # fmt: skip
    config = WhisperConfig(**size)
    encoder, decoder = "model.encoder.layers.0", "model.decoder.layers.0"

    def attention(prefix):
        return {
            f"{prefix}.q_proj.weight": "query", f"{prefix}.k_proj.weight": "key", f"{prefix}.v_proj.weight": "value",
            f"{prefix}.out_proj.weight": "attention-output",
        }  # fmt: skip

    roles = {
        "model.encoder.conv1.weight": "first",
        "model.encoder.conv2.weight": "hidden",
        "model.decoder.embed_tokens.weight": "embedding",
        **attention(f"{encoder}.self_attn"),
        f"{encoder}.fc1.weight": "hidden",
        f"{encoder}.fc2.weight": "stem-last",
        **attention(f"{decoder}.self_attn"),
        **attention(f"{decoder}.encoder_attn"),
        f"{decoder}.fc1.weight": "hidden",
        f"{decoder}.fc2.weight": "stem-last",
        "proj_out.weight": "embedding",
    }

    def inputs():
        return {
            "input_features": torch.randn(2, config.num_mel_bins, 2 * config.max_source_positions),
            "decoder_input_ids": tokens(config.vocab_size, 8), "use_cache": False,
        }  # fmt: skip

    embedding = "model.decoder.embed_tokens.weight"
    return Case(
        exportable(WhisperForConditionalGeneration(config)), inputs,
        2 * config.encoder_layers + 3 * config.decoder_layers, roles,
        logits=logits_of, kept=("model.encoder.embed_positions.weight", embedding), tied={"proj_out.weight": embedding},
        cannot={"train": "whether a layer is skipped depends on a random number"},
    )  # fmt: skip
