"""What a tagger that was trained on records hears in our songs.

musicnn (Pons & Serra 2019, "musicnn: pre-trained convolutional neural networks for music audio tagging") has
its weights in its package, learned on MagnaTagATune and on the Million Song Dataset. It knows nothing of our
prompts or scores. It needs TensorFlow, so it runs in an environment of its own:

    python bench/bench_tags.py --make build/tags
    python3.11 -m venv build/judge
    build/judge/bin/pip install --no-deps musicnn==0.1.0
    build/judge/bin/pip install "tensorflow-cpu==2.15.1" "numpy<2" librosa
    build/judge/bin/python bench/bench_tags.py --judge build/tags

For each prompt of tags.toml it prints whether one of its tags is among the strongest three; for each tag, how
often a song that asks for it has more of it than one that doesn't (the area under the curve, 0.5 by chance).
"""

import argparse
import json
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
SECONDS = 20.0
MODELS = {"mtt": "MTT_musicnn", "msd": "MSD_musicnn"}
AMONG = 3


def wishes():
    """Rows of tags.toml."""
    return tomllib.loads((HERE / "tags.toml").read_text("utf-8"))["prompt"]


def make(folder, seed):
    """Play one song for each prompt."""
    import soundfile

    from producer.engines.base import Commission
    from producer.engines.house import HouseEngine

    folder.mkdir(parents=True, exist_ok=True)
    for number, wish in enumerate(wishes()):
        commission = Commission(sound=wish["text"], seed=seed, instrumental=True, length_seconds=SECONDS)
        audio = HouseEngine().record(commission, lambda *_: None).audio
        soundfile.write(folder / f"{number:02d}.wav", audio.samples.T, 44_100, subtype="PCM_16")


def judge(folder):
    """Tag every song with both models; likelihoods by model, song and tag."""
    from musicnn.extractor import extractor

    heard = {}
    for kind, model in MODELS.items():
        rows = []
        for number in range(len(wishes())):
            path = str(folder / f"{number:02d}.wav")
            likelihoods, tags = extractor(path, model=model, extract_features=False)
            rows.append(dict(zip(tags, likelihoods.mean(axis=0).tolist(), strict=True)))
        heard[kind] = rows
    (folder / "tags.json").write_text(json.dumps(heard, indent=1))
    return heard


def report(heard):
    """Print hits by prompt and areas by tag."""
    for kind, rows in heard.items():
        hits, asked = 0, 0
        for wish, row in zip(wishes(), rows, strict=True):
            strongest = sorted(row, key=row.get, reverse=True)[:AMONG]
            if kind in wish:
                asked += 1
                hit = bool(set(wish[kind]) & set(strongest))
                hits += hit
                print(f"{'+' if hit else '-'} {kind} {wish['text']:34} {', '.join(strongest)}")
        print(f"{kind}: one of the prompt's tags among the strongest {AMONG} in {hits} of {asked} songs")
        areas = {tag: area(tag, kind, rows) for tag in {t for w in wishes() for t in w.get(kind, ())}}
        for tag, value in sorted(areas.items(), key=lambda item: item[1]):
            print(f"  {tag:16} {value:.2f}")
        print(f"{kind}: mean area {sum(areas.values()) / len(areas):.2f} over {len(areas)} tags")


def area(tag, kind, rows):
    """How often a song that asks for a tag has more of it than one that doesn't."""
    asking = [row[tag] for wish, row in zip(wishes(), rows, strict=True) if tag in wish.get(kind, ())]
    others = [row[tag] for wish, row in zip(wishes(), rows, strict=True) if tag not in wish.get(kind, ())]
    wins = sum((a > b) + 0.5 * (a == b) for a in asking for b in others)
    return wins / (len(asking) * len(others))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--make", type=Path)
    parser.add_argument("--judge", type=Path)
    parser.add_argument("--seed", default="1")
    arguments = parser.parse_args()
    if arguments.make:
        make(arguments.make, arguments.seed)
    if arguments.judge:
        kept = arguments.judge / "tags.json"
        report(json.loads(kept.read_text()) if kept.exists() else judge(arguments.judge))


if __name__ == "__main__":
    main()
