"""A witness of another kind: two language models of notes, one of real tunes and one of ours.

A note is its step from the one before (scale degrees), the gap between their onsets and whether it lies
on a strong place. A tune is called real when the model of real tunes finds it likelier than the other does.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
from melody_features import Tune, degree, strength

_ORDER = 3
_STRENGTH = 4.0  #: notes that the shorter context counts for


def tokens(tune: Tune) -> list[tuple[int, int, float]]:
    """Steps, gaps in twelfths of a beat and places of the notes but the first."""
    found = []
    for before, note in itertools.pairwise(tune.notes):
        move = max(-8, min(8, degree(note[2], tune) - degree(before[2], tune)))
        gap = min(48, round(12 * (note[0] - before[0])))
        found.append((move, gap, strength(note[0] % tune.bar_beats, tune.meter)))
    return found


class NoteModel:
    """Shares of tokens after contexts of up to two, each smoothed by the next shorter one."""

    def __init__(self, tunes: list[Tune]) -> None:
        self._counts: Counter = Counter()
        self._totals: Counter = Counter()
        for tune in tunes:
            row = tokens(tune)
            for i, token in enumerate(row):
                for size in range(_ORDER):
                    context = tuple(row[max(0, i - size) : i])
                    if len(context) == size:
                        self._counts[context, token] += 1
                        self._totals[context] += 1
        self._kinds = len({token for (context, token) in self._counts if not context})

    def bits(self, tune: Tune) -> float:
        """Mean surprise of a tune's notes."""
        row = tokens(tune)
        return float(np.mean([-math.log2(self._share(row, i)) for i in range(len(row))]))

    def _share(self, row: list, i: int) -> float:
        share = 1.0 / (self._kinds + 1)
        for size in range(min(_ORDER, i + 1)):
            context = tuple(row[i - size : i])
            count, total = self._counts[context, row[i]], self._totals[context]
            share = (count + _STRENGTH * share) / (total + _STRENGTH)
        return share


def ngram_auc(real: list[Tune], ours: list[Tune], folds: int = 5) -> float:
    """Mean held-out AUC of the two models; both learn from equally many tunes."""
    from sklearn.metrics import roc_auc_score

    count = min(len(real), len(ours))
    scores = []
    for fold in range(folds):
        learn_real = [t for i, t in enumerate(real[:count]) if i % folds != fold]
        learn_ours = [t for i, t in enumerate(ours[:count]) if i % folds != fold]
        a, b = NoteModel(learn_real), NoteModel(learn_ours)
        test = [(t, 1) for t in real[fold:count:folds]] + [(t, 0) for t in ours[fold:count:folds]]
        scores.append(roc_auc_score([y for _, y in test], [b.bits(t) - a.bits(t) for t, _ in test]))
    return float(np.mean(scores))
