"""The language model's weights as plain arrays: unpacked once a machine, then mapped into memory.

Mapped files are shared by all processes of the machine, so a second writer costs no memory of its own.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from producer import assets
from producer.lyricist.model.gguf import GgufFile, Singles

VERSION = 1  # raise when the arrays change: a new folder is then built
_ARRAYS = ("embedding", "norms", "attention_in", "attention_out", "gate_up", "down")
_SETTINGS = "settings.json"


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """A Llama model (Touvron et al. 2023). Shapes: L layers, d width, f inner width, v vocabulary."""

    embedding: Singles  #: (v, d): also the head
    norms: Singles  #: (2 L + 1, d): before attention, before the inner layer, of each layer; the last one
    attention_in: Singles  #: (L, d + 2 · kv, d): queries, keys, values
    attention_out: Singles  #: (L, d, d)
    gate_up: Singles  #: (L, 2 f, d)
    down: Singles  #: (L, d, f)
    heads: int
    kv_heads: int
    rope_base: float
    epsilon: float
    vocabulary: tuple[str, ...]
    merges: tuple[str, ...]


def ensure() -> Path:
    """Folder with all arrays, built now (540 MB, some seconds) if they are not there yet.

    Raises
    ------
    AssetError
        The packaged model is missing.
    """
    pieces = (_SETTINGS, *(f"{name}.npy" for name in _ARRAYS))
    return assets.derive(f"writer-{VERSION}", "smollm2/model.gguf", pieces, _build)


def load() -> Weights:
    """The weights, mapped read-only.

    Raises
    ------
    AssetError
        The packaged model is missing.
    """
    where = ensure()
    settings: dict[str, Any] = json.loads((where / _SETTINGS).read_text("utf-8"))
    arrays = {name: np.load(where / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
    settings = {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}
    return Weights(**arrays, **settings)


def _build(packaged: Path, into: Path) -> None:
    model = GgufFile(packaged)
    layers = range(int(model.fields["llama.block_count"]))

    def stack(*names: str) -> Singles:
        return np.stack(
            [np.concatenate([model.read(f"blk.{i}.{name}.weight") for name in names]) for i in layers]
        )

    norms = [model.read(f"blk.{i}.{name}_norm.weight") for i in layers for name in ("attn", "ffn")]
    np.save(into / "embedding.npy", model.read("token_embd.weight"))
    np.save(into / "norms.npy", np.stack([*norms, model.read("output_norm.weight")]))
    np.save(into / "attention_in.npy", stack("attn_q", "attn_k", "attn_v"))
    np.save(into / "attention_out.npy", stack("attn_output"))
    np.save(into / "gate_up.npy", stack("ffn_gate", "ffn_up"))
    np.save(into / "down.npy", stack("ffn_down"))
    settings = {
        "heads": model.fields["llama.attention.head_count"],
        "kv_heads": model.fields["llama.attention.head_count_kv"],
        "rope_base": model.fields["llama.rope.freq_base"],
        "epsilon": model.fields["llama.attention.layer_norm_rms_epsilon"],
        "vocabulary": model.fields["tokenizer.ggml.tokens"],
        "merges": model.fields["tokenizer.ggml.merges"],
    }
    (into / _SETTINGS).write_text(json.dumps(settings), "utf-8")
