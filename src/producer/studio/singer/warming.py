"""Set-up: derived model files and compiled kernels, so that the first song need not wait."""

import numpy as np

from producer.studio.singer.line import read, sing_line
from producer.studio.singer.melody import Manner
from producer.studio.singer.phonemes import SungNote, SungSyllable
from producer.studio.singer.shaping import Colour
from producer.studio.singer.speech import model
from producer.studio.singer.voices import DEFAULT

_WORD = SungSyllable(("s",), ("A",), (), 2, True, (SungNote(62.0, 0.0, 0.6),))


def warm() -> None:
    """Build the voice model's pieces and compile the singer's kernels, once a machine.

    Raises
    ------
    AssetError
        The voice model or a voice is not on disk.
    """
    reading = read((_WORD,), model(), DEFAULT)
    sing_line(reading, (_WORD,), manner=Manner(), colour=Colour(), rng=np.random.default_rng(0))
