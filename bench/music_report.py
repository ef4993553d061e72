"""Tables of what bench_music measured."""

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

Row = dict[str, Any]
SHARES = (
    ("tempo_written_ok", "tempo as asked, in the score"), ("tempo_ok", "tempo within 2 %, heard"),
    ("key_written_ok", "key as asked, in the score"), ("key_krumhansl_ok", "key, by Krumhansl & Kessler"),
    ("key_temperley_ok", "key, by Temperley"), ("key_albrecht_ok", "key, by Albrecht & Shanahan"),
    ("key_majority_ok", "key, by two of the three"), ("key_any_ok", "key, by one of the three"),
    ("key_or_relative_ok", "key or its relative, Krumhansl"), ("meter_written_ok", "metre as asked"),
    ("band_ok", "instruments as asked"),
)  # fmt: skip
SPREADS = (
    "seconds_error", "lufs", "true_peak_db", "tail_db", "dc", "mono_loss_db", "crest_db", "range_lu",
    "spectrum_rms_db", "spectrum_worst_db", "thirds_within_3_db", "cpu_seconds",
)  # fmt: skip


def share(rows: list[Row], name: str) -> str:
    """How many rows have it, of those that ask for it."""
    values = [bool(row[name]) for row in rows if name in row]
    return f"{sum(values)}/{len(values)} ({100 * sum(values) / max(len(values), 1):.1f} %)"


def spread(values: list[float]) -> str:
    """Least, 5 %, median, 95 %, most."""
    if not values:
        return "nothing to compare"
    ordered = sorted(values)
    pick = [ordered[round(q * (len(ordered) - 1))] for q in (0.0, 0.05, 0.5, 0.95, 1.0)]
    return " / ".join(f"{value:.2f}" for value in pick)


def report(rows: list[Row]) -> None:
    """Print everything."""
    print(f"\n{len(rows)} songs, {len({row['style'] for row in rows})} styles")
    for name, label in SHARES:
        print(f"{label:<34} {share(rows, name)}")
    print("\n                                   min / 5 % / median / 95 % / max")
    for name in SPREADS:
        print(f"{name:<34} {spread([float(row[name]) for row in rows])}")
    _print_percussion(rows)
    _print_presets(rows)
    _print_variety(rows)
    _print_styles(rows)
    for name in ("tempo_ok", "key_any_ok", "band_ok", "meter_written_ok", "tempo_written_ok"):
        for row in rows:
            if row.get(name) is False:
                heard = f"{row['style']}, {row.get('heard_bpm', 0):.1f} bpm heard"
                print(f"missed {name}: {row['text']!r} seed {row['seed']} ({heard})")


def _print_percussion(rows: list[Row]) -> None:
    """Is a refusal of drums heard? Percussive power of songs that refuse them against all others."""
    refusing = [row["percussion_db"] for row in rows if row.get("drums_refused")]
    others = [row["percussion_db"] for row in rows if row.get("drums_refused") is False]
    if refusing and others:
        less = np.mean([[a < b for b in others] for a in refusing])
        print(f"\npercussive power, dB: {np.median(refusing):.1f} where drums are refused, "
              f"{np.median(others):.1f} elsewhere; less in {100 * less:.1f} % of pairs")  # fmt: skip


def _print_presets(rows: list[Row]) -> None:
    by_preset: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_preset[row["preset"]].append(row)
    print("\npreset       songs  thirds within 3 dB  rms dB  range LU  crest dB  side/mid dB by band")
    for name, group in sorted(by_preset.items()):
        means = [np.mean([row[key] for row in group]) for key in
                 ("thirds_within_3_db", "spectrum_rms_db", "range_lu", "crest_db")]  # fmt: skip
        widths = " ".join(f"{w:5.1f}" for w in np.median([row["widths_db"] for row in group], axis=0))
        print(f"{name:<12} {len(group):5d} {100 * means[0]:18.1f} % {means[1]:6.2f} {means[2]:9.1f}"
              f" {means[3]:9.1f}  {widths}")  # fmt: skip


def features(rows: list[Row]) -> dict[str, NDArray[np.float64]]:
    """Timbre, rhythm and harmony of all songs, each feature in units of its deviation over all songs."""
    matrices = {}
    for name in rows[0]["features"]:
        x = np.array([row["features"][name] for row in rows])
        matrices[name] = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-9)
    return matrices


def _print_variety(rows: list[Row]) -> None:
    """How far apart seeds of one prompt are, against songs of different prompts."""
    texts = np.array([row["text"] for row in rows])
    same = texts[:, None] == texts[None, :]
    pairs = np.triu(np.ones(same.shape, bool), 1)
    print("\ndistance (deviations a feature)   seeds of a prompt   different prompts")
    for name, x in features(rows).items():
        apart = np.sqrt(((x[:, None] - x[None, :]) ** 2).mean(axis=2))
        print(f"{name:<32} {np.median(apart[same & pairs]):18.2f} {np.median(apart[~same & pairs]):19.2f}")


def _print_styles(rows: list[Row]) -> None:
    """Can the styles be told apart by ear? Linear discriminants, each seed judged by the others."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    x = np.concatenate(list(features(rows).values()), axis=1)
    seeds = np.array([row["seed"] for row in rows])
    if len(set(seeds)) < 2 or len(rows) * (len(set(seeds)) - 1) / len(set(seeds)) <= len(
        {r["style"] for r in rows}
    ):
        return  # too few songs to learn from
    print("\ntold apart by ear, leave one seed out     first guess   among three   by chance")
    for name in ("style", "preset"):
        labels = np.array([row[name] for row in rows])
        first = third = 0
        for seed in sorted(set(seeds)):
            held = seeds == seed
            judge = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.5).fit(x[~held], labels[~held])
            order = np.argsort(-judge.decision_function(x[held]), axis=1)
            hits = judge.classes_[order] == labels[held][:, None]
            first, third = first + int(hits[:, 0].sum()), third + int(hits[:, :3].any(axis=1).sum())
        n = len(rows)
        print(f"{name:<40} {100 * first / n:10.1f} % {100 * third / n:11.1f} %"
              f" {100 / len(set(labels)):9.1f} %")  # fmt: skip
