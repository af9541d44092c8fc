"""Language models: decoders of text."""

from .case import Case, by_head, exportable, logits_of, model, stacked, tokens


def language_model(module, blocks, roles, tied=None, use_cache=False, **more):
    """`tied` is the embedding whose tensor is `lm_head.weight` too: such a head is kept, and no loss is promised."""
    config = module.config

    def inputs():
        return {"input_ids": tokens(config.vocab_size, 16), "use_cache": use_cache}

    if use_cache:
        more["cannot"] = {"decomposed": "PyTorch 2.13 loses a constant of the cache"}
    if tied:
        more["tied"] = {"lm_head.weight": tied}
        roles = {**roles, "lm_head.weight": "embedding"}
        more["kept"] = (*more.get("kept", ()), tied, "lm_head.weight")
    return Case(
        exportable(module), inputs, blocks, roles, classes=None if tied else config.vocab_size, logits=logits_of, **more
    )


def gpt2_model(full, use_cache):
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config() if full else GPT2Config(vocab_size=97, n_positions=32, n_embd=32, n_layer=2, n_head=4)
    layer = "transformer.h.0"
    roles = {
        "transformer.wte.weight": "embedding",
        "transformer.wpe.weight": "embedding",
        f"{layer}.attn.c_attn.weight": ("query", "key", "value"),
        f"{layer}.attn.c_attn.bias": "bias",
        f"{layer}.attn.c_proj.weight": "attention-output",
        f"{layer}.mlp.c_fc.weight": "hidden",
        f"{layer}.mlp.c_proj.weight": "stem-last",
        f"{layer}.ln_1.weight": "norm-scale",
        "transformer.ln_f.bias": "norm-bias",
    }
    return language_model(
        GPT2LMHeadModel(config), 2 * config.n_layer, roles, tied="transformer.wte.weight", use_cache=use_cache
    )


@model("gpt2", full=True)
def gpt2(full):
    """GPT-2: Conv1D stores its weights transposed, the head is the embedding."""
    return gpt2_model(full, use_cache=False)


@model("gpt2-cache")
def gpt2_cache(full):
    """The keys and values are outputs too: they end no stem, and are no heads."""
    return gpt2_model(full, use_cache=True)


@model("gpt2-classifier")
def gpt2_classifier(full):
    from transformers import GPT2Config, GPT2ForSequenceClassification

    config = GPT2Config(vocab_size=97, n_positions=32, n_embd=32, n_layer=2, n_head=4, num_labels=6, pad_token_id=96)
    roles = {
        "transformer.wte.weight": "embedding",
        "transformer.h.1.attn.c_attn.weight": ("query", "key", "value"),
        "transformer.h.1.mlp.c_proj.weight": "stem-last",
        "score.weight": "head",
    }
    return Case(
        exportable(GPT2ForSequenceClassification(config)), lambda: {"input_ids": tokens(96, 16), "use_cache": False},
        4, roles, kept=("transformer.wte.weight",), classes=6, logits=logits_of,
    )  # fmt: skip


def llama_model(full, use_cache):
    from transformers import LlamaConfig, LlamaForCausalLM

    size = (
        # Llama 2's 7 billion.
        dict(hidden_size=4096, num_hidden_layers=32, num_attention_heads=32, intermediate_size=11008)
        if full
        else dict(
            vocab_size=97, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
            intermediate_size=88, max_position_embeddings=64,
        )
    )  # fmt: skip
    config = LlamaConfig(**size)
    layer = "model.layers.0"
    roles = {
        "model.embed_tokens.weight": "embedding",
        f"{layer}.self_attn.q_proj.weight": "query",
        f"{layer}.self_attn.k_proj.weight": "key",
        f"{layer}.self_attn.v_proj.weight": "value",
        f"{layer}.self_attn.o_proj.weight": "attention-output",
        f"{layer}.mlp.gate_proj.weight": "hidden",
        f"{layer}.mlp.up_proj.weight": "hidden",
        f"{layer}.mlp.down_proj.weight": "stem-last",
        f"{layer}.input_layernorm.weight": "norm-scale",
        "model.norm.weight": "norm-scale",
        "lm_head.weight": "head",
    }
    return language_model(
        LlamaForCausalLM(config), 2 * config.num_hidden_layers, roles, use_cache=use_cache,
        kept=("model.embed_tokens.weight",),
    )  # fmt: skip


@model("llama", full=True)
def llama(full):
    """Llama: grouped queries, SwiGLU, RMS norm; the full size has 7 billion parameters (use --meta)."""
    return llama_model(full, use_cache=False)


@model("llama-cache")
def llama_cache(full):
    return llama_model(full, use_cache=True)


@model("gpt-neox", full=True)
def gpt_neox(full):
    """Pythia-160m: attention and MLP in parallel are one stem with two last weights; Q, K and V packed head by head."""
    from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

    size = (
        dict(hidden_size=768, num_hidden_layers=12, num_attention_heads=12, intermediate_size=3072)
        if full
        else dict(
            vocab_size=97, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
            max_position_embeddings=64,
        )
    )  # fmt: skip
    config = GPTNeoXConfig(**size)
    layer = "gpt_neox.layers.0"
    roles = {
        "gpt_neox.embed_in.weight": "embedding",
        f"{layer}.attention.query_key_value.weight": ("query", "key", "value"),
        f"{layer}.attention.dense.weight": "attention-output",
        f"{layer}.mlp.dense_h_to_4h.weight": "hidden",
        f"{layer}.mlp.dense_4h_to_h.weight": "stem-last",
        "embed_out.weight": "head",
    }
    heads = config.num_attention_heads
    rows = {f"{layer}.attention.query_key_value.weight": by_head(heads, config.hidden_size // heads, 3)}
    return language_model(GPTNeoXForCausalLM(config), config.num_hidden_layers, roles, rows=rows)


@model("bloom")
def bloom(full):
    """BLOOM: Q, K and V packed head by head, ALiBi, the head is the embedding."""
    from transformers import BloomConfig, BloomForCausalLM

    config = BloomConfig(vocab_size=97, hidden_size=32, n_layer=2, n_head=4)
    layer = "transformer.h.0"
    roles = {
        "transformer.word_embeddings.weight": "embedding",
        f"{layer}.self_attention.query_key_value.weight": ("query", "key", "value"),
        f"{layer}.self_attention.dense.weight": "attention-output",
        f"{layer}.mlp.dense_h_to_4h.weight": "hidden",
        f"{layer}.mlp.dense_4h_to_h.weight": "stem-last",
    }
    rows = {
        f"{layer}.self_attention.query_key_value.weight": by_head(config.n_head, config.hidden_size // config.n_head, 3)
    }
    return language_model(
        BloomForCausalLM(config), 2 * config.n_layer, roles, tied="transformer.word_embeddings.weight", rows=rows
    )


@model("falcon")
def falcon(full):
    """Falcon-7B's architecture: attention and MLP in parallel, one key and value for all heads."""
    from transformers import FalconConfig, FalconForCausalLM

    config = FalconConfig(
        vocab_size=97, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, multi_query=True,
        parallel_attn=True, bias=False, alibi=False,
    )  # fmt: skip
    layer = "transformer.h.0"
    roles = {
        "transformer.word_embeddings.weight": "embedding",
        f"{layer}.self_attention.query_key_value.weight": ("query", "key", "value"),
        f"{layer}.self_attention.dense.weight": "attention-output",
        f"{layer}.mlp.dense_h_to_4h.weight": "hidden",
        f"{layer}.mlp.dense_4h_to_h.weight": "stem-last",
    }
    rows = {f"{layer}.self_attention.query_key_value.weight": stacked(32, 8, 8)}
    return language_model(
        FalconForCausalLM(config), config.num_hidden_layers, roles, tied="transformer.word_embeddings.weight", rows=rows
    )


@model("phi3")
def phi3(full):
    """Phi-3: Q, K and V packed with grouped queries, gate and up packed too."""
    from transformers import Phi3Config, Phi3ForCausalLM

    config = Phi3Config(
        vocab_size=97, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        intermediate_size=48, max_position_embeddings=64, original_max_position_embeddings=64, pad_token_id=0,
    )  # fmt: skip
    layer = "model.layers.0"
    roles = {
        "model.embed_tokens.weight": "embedding",
        f"{layer}.self_attn.qkv_proj.weight": ("query", "key", "value"),
        f"{layer}.self_attn.o_proj.weight": "attention-output",
        f"{layer}.mlp.gate_up_proj.weight": ("hidden", "hidden"),
        f"{layer}.mlp.down_proj.weight": "stem-last",
        "lm_head.weight": "head",
    }
    rows = {f"{layer}.self_attn.qkv_proj.weight": stacked(32, 16, 16)}
    return language_model(Phi3ForCausalLM(config), 2 * config.num_hidden_layers, roles, rows=rows)
