"""How real do our tunes sound? Feature bands, and judges that are fitted anew on our own output.

Usage: ``python bench/melody_critic.py sung pop FOLDER``, ``… played pop FOLDER`` or ``… played folk
FOLDER [METER]`` (see melody_corpora.py for the folders). Prints, per feature, the real 5–95 % band with
our mean and how many of our tunes lie inside, then the held-out AUC (0.5 = can't tell, 1 = always can) of
three judges that had real tunes and ours to learn from: logistic on the features and their squares,
boosted trees on the features, and note models that don't know the features. Real tunes are the half from
which nothing was learned (bench/fit_audition.py, bench/count_measures.py), ours have seeds of their own.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from melody_corpora import folk_tunes, halves, pop_tunes
from melody_features import Tune, features, make_tune
from melody_ngrams import ngram_auc

from producer.composition import compose, load_style, parse_brief, style_names
from producer.composition.lead import written
from producer.lyricist import write_lyrics
from producer.lyrics.sheet import parse_sheet
from producer.score.lyric import Delivery
from producer.score.part import Role
from producer.score.song import Song
from producer.units import beats_to_seconds

_SEED = 20_000  #: of the first song; auditions were fitted on others
_MOST_REAL = 700
_LEAST_SUNG = 48  #: notes of a song that is compared
_MOST_BARS = 32  #: of a tune that are compared
_INTRO_BARS = 2  #: without a tune, in the short forms that are compared here
_BEYOND_BARS = 16  #: real vocals are the first 32 bars of songs, so ours go on beyond what is compared too
_THEMES = (
    "a summer night", "leaving town", "my best friend", "the sea", "dancing alone", "rain on the roof",
    "a broken promise", "coming home", "the first snow", "an old photograph", "city lights", "hope",
)  # fmt: skip


def sung_tune(song: Song, *, most_bars: int = _MOST_BARS) -> Tune | None:
    """The lead vocal of a song as it is sung, straight eighths; raps are no tunes."""
    notes = [
        (n.start_beat, n.beats, n.pitch)
        for line in song.vocal
        if not line.backing and line.delivery is Delivery.SUNG
        for n in line.notes
    ]
    if len(notes) < _LEAST_SUNG:
        return None
    return make_tune(notes, song.meter.name, song.meter.bar_beats, song.key.tonic, most_bars=most_bars)


def played_tune(song: Song, *, most_bars: int = _MOST_BARS) -> Tune | None:
    """The lead instrument of a song, with the lengths that its notes were written with."""
    notes = [n for part in song.parts if part.role is Role.LEAD for n in part.notes]
    if len(notes) < 24:
        return None
    return make_tune(
        written(notes, song.meter),
        song.meter.name,
        song.meter.bar_beats,
        song.key.tonic,
        most_bars=most_bars,
    )


def styles_of(kind: str, reference: str, meter: str) -> list[str]:
    """Styles whose tunes are compared with a corpus; swung pop would not lie on its grid."""
    styles = [n for n in style_names() if load_style(n).melody.reference == reference]
    if reference == "pop":
        return [n for n in styles if load_style(n).swing == 0.5]
    return [n for n in styles if meter in load_style(n).meters]


def make_song(kind: str, style: str, meter: str, number: int, seed: str, bars: int) -> Song:
    """A song with words, or one whose lead plays about so many bars."""
    title = load_style(style).title
    if kind == "sung":
        sheet = parse_sheet(words_for(title, number, seed))
        brief = parse_brief(f"{title}, {meter}", seed=seed, sheet=sheet)
        return compose(brief, sheet, title="t", seed=seed)
    brief = parse_brief(f"{title}, {meter} instrumental", seed=seed, instrumental=True)
    bar_seconds = beats_to_seconds(brief.meter.bar_beats, brief.quarter_bpm)
    beyond = _BEYOND_BARS if load_style(style).melody.reference == "pop" else 0
    seconds = (bars + _INTRO_BARS + beyond) * bar_seconds + 3.0
    return compose(replace(brief, length_seconds=seconds), None, title="t", seed=seed)


def our_tunes(kind: str, reference: str, meter: str, count: int, lengths: list[int]) -> list[Tune]:
    """Tunes of all styles with that reference, seed after seed, as many bars long as real ones.

    Entropies and shares of repeated bars grow with the length of a tune, so lengths of played tunes
    are matched: the n-th of ours gets the n-th of `lengths`, songs longer than that are cut.
    """
    styles = styles_of(kind, reference, meter)
    tunes = []
    for i in range(count):
        bars = lengths[i % len(lengths)]
        song = make_song(kind, styles[i % len(styles)], meter, i, str(_SEED + i), bars)
        if kind == "sung":
            tunes.append(
                sung_tune(song, most_bars=strophes(song, bars) if reference == "folk" else _MOST_BARS)
            )
        else:
            tunes.append(played_tune(song, most_bars=bars))
    return [tune for tune in tunes if tune is not None and tune.meter == meter]


def strophes(song: Song, bars: int) -> int:
    """Bars of whole sung sections, as near to so many as can be: folk songs are compared by strophes."""
    sung = sorted({line.section for line in song.vocal})
    ends = [song.form.sections[i].end_bar - song.form.sections[sung[0]].start_bar for i in sung] or [bars]
    return min(_MOST_BARS, min(ends, key=lambda end: abs(end - bars)))


def words_for(title: str, number: int, seed: str) -> str:
    """Words as the house writes them: with few texts all songs would have the same rhythms."""
    return write_lyrics(f"{title} song about {_THEMES[number % len(_THEMES)]}", seed=seed).lyrics


def bars_of(tune: Tune) -> int:
    """Bars from a tune's first note to its last."""
    return int(tune.notes[-1][0] // tune.bar_beats) + 1


def table(tunes: list[Tune], names: list[str] | None = None):
    """Feature rows as an array, with the names of its columns."""
    rows = [features(tune) for tune in tunes]
    names = names or sorted(rows[0])
    return np.array([[row[name] for name in names] for row in rows]), names


def held_out_auc(real, ours, seed: int = 1) -> float:
    """Mean AUC of five folds of a logistic critic on z-scores and their squares."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold

    rows = np.vstack([real, ours])
    labels = np.r_[np.ones(len(real)), np.zeros(len(ours))]
    scores = []
    for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(rows, labels):
        good = rows[train][labels[train] == 1]
        mean, spread = np.nanmean(good, 0), np.nanstd(good, 0) + 1e-6
        z = np.nan_to_num(np.clip((rows - mean) / spread, -5, 5))
        z = np.hstack([z, np.minimum(z * z, 9)])
        model = LogisticRegression(C=0.02, max_iter=3000, class_weight="balanced").fit(
            z[train], labels[train]
        )
        scores.append(roc_auc_score(labels[test], model.decision_function(z[test])))
    return float(np.mean(scores))


def trees_auc(real, ours, seed: int = 1) -> float:
    """AUC of five folds of boosted trees, which hear what traits are like together."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    model = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.08, max_leaf_nodes=8, min_samples_leaf=10, l2_regularization=1.0,
        class_weight="balanced", random_state=seed,
    )  # fmt: skip
    labels = np.r_[np.ones(len(real)), np.zeros(len(ours))]
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    found = cross_val_predict(model, np.vstack([real, ours]), labels, cv=folds, method="predict_proba")
    return float(roc_auc_score(labels, found[:, 1]))


def report(real: list[Tune], ours: list[Tune]) -> None:
    """Print the table and the AUC."""
    from sklearn.metrics import roc_auc_score

    x, names = table(real)
    y, _ = table(ours, names)
    low, high = np.nanpercentile(x, 5, axis=0), np.nanpercentile(x, 95, axis=0)
    inside = (y >= low - 1e-9) & (y <= high + 1e-9) | np.isnan(y)
    mean = np.nanmean(y, axis=0)
    print(f"{len(real)} real, {len(ours)} ours")
    for i, name in enumerate(names):
        a, b = x[:, i], y[:, i]
        auc = roc_auc_score(
            np.r_[np.ones(len(a)), np.zeros(len(b))], np.nan_to_num(np.r_[a, b], nan=float(np.nanmean(a)))
        )
        flag = "" if low[i] <= mean[i] <= high[i] else "  OUT"
        far = "  *" if abs(auc - 0.5) > 0.22 else ""
        print(
            f"{name:16} real {np.nanmean(a):6.2f} [{low[i]:5.2f} {high[i]:5.2f}]  ours {mean[i]:6.2f}"
            f"  inside {inside[:, i].mean():4.0%}  auc {auc:.2f}{far}{flag}"
        )
    share = inside.mean(axis=1)
    print(
        f"features inside the band: mean {share.mean():.1%}; "
        f"tunes with >= 90 %: {(share >= 0.9).mean():.0%}; "
        f"real tunes themselves: {((x >= low) & (x <= high) | np.isnan(x)).mean():.1%}"
    )
    print(f"means inside the band: {np.mean([low[i] <= mean[i] <= high[i] for i in range(len(names))]):.1%}")
    used = [i for i, name in enumerate(names) if name not in ("diatonic", "syncop")]
    print(f"AUC real against ours, held out: logistic {held_out_auc(x[:, used], y[:, used]):.3f}", end=" ")
    print(f"trees {trees_auc(x[:, used], y[:, used]):.3f} notes {ngram_auc(real, ours):.3f}")


def main() -> None:
    """Read arguments and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("sung", "played"))
    parser.add_argument("reference", choices=("pop", "folk"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("meter", nargs="?", default="4/4")
    parser.add_argument("--count", type=int, default=240)
    args = parser.parse_args()
    warnings.simplefilter("ignore", RuntimeWarning)
    tunes = pop_tunes(args.folder) if args.reference == "pop" else folk_tunes(args.folder, args.meter)
    _, real = halves(tunes)
    real = real[:_MOST_REAL]
    lengths = [bars_of(tune) for tune in real]
    report(real, our_tunes(args.kind, args.reference, args.meter, args.count, lengths))


if __name__ == "__main__":
    main()
