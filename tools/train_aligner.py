"""Train the singer's aligner on the voice model's own speech.

    python tools/train_aligner.py [OUT.npz]

The voice model speaks the sentences beside this file, English ones by every singer of the roster in
turn, other languages by their own voices; Viterbi training then finds where each sound looks like
itself. A few minutes on two cores; the result is the same on every run of the same machine.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

from producer.lyrics.syllables import make_line
from producer.score.singer import SINGERS
from producer.studio.singer import aligner
from producer.studio.singer.phonemes import SungNote, SungSyllable, known, line_tokens
from producer.studio.singer.speech import PAUSE, Speech, model

HERE = Path(__file__).parent
VOICES_PER_SENTENCE = 2
SILENT = (SungNote(60.0, 0.0, 1.0),)


def english(text: str) -> tuple[str, ...]:
    """Tokens of an English sentence."""
    syllables = (
        SungSyllable(
            known(s.onset, vowel=False),
            known(s.nucleus, vowel=True),
            known(s.coda, vowel=False),
            s.stress,
            s.starts_word,
            SILENT,
        )
        for s in make_line(text).syllables
    )
    return line_tokens(syllables)[0]


def foreign(phonemes: str) -> tuple[str, ...]:
    """Tokens of a line of phonemes."""
    words = (
        "".join(c if c in "ˈˌ" else "".join(known((c,), vowel=False)) or c for c in w)
        for w in phonemes.split()
    )
    return ("$", *" ".join(words), ".", "$")


def utterances() -> list[tuple[str, tuple[str, ...]]]:
    """Voices and what they are to say."""
    voices = cycle(SINGERS)
    out = []
    for text in (HERE / "aligner_sentences.txt").read_text("utf-8").splitlines():
        tokens = english(text)
        out += [(voice, tokens) for voice in islice(voices, VOICES_PER_SENTENCE)]
    for row in (HERE / "aligner_phonemes.txt").read_text("utf-8").splitlines():
        if row and not row.startswith("#"):
            voice, _, phonemes = row.partition(" ")
            out.append((voice, foreign(phonemes)))
    return out


def speak(entry: tuple[str, tuple[str, ...]]) -> Speech:
    """One utterance; signs that the model lacks are left out."""
    voice, tokens = entry
    voice_model = model()
    said = tuple(sign for sign in tokens if sign == PAUSE or sign in voice_model.vocabulary)
    return voice_model.speak(said, voice, speed=0.8)


def main() -> None:
    """Speak, train, write."""
    package = Path(aligner.__file__).parent / "aligner.npz"
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else package
    todo = utterances()
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(speak, todo))
    states = aligner.train(said)
    with target.open("wb") as file:
        aligner.save(states, file)
    seconds = sum(len(s.wave) for s in said) / 24_000
    size = target.stat().st_size
    sys.stdout.write(f"{len(said)} utterances, {seconds:.0f} s, {len(states)} states, {size} bytes\n")


if __name__ == "__main__":
    main()
