"""Measure the lyricist over prompts: rhyme, metre, theme, repetition, variety, speed.

    python bench/bench_lyrics.py [prompts.txt] [--seeds 1,2,3] [--show N]

The default prompts are ``bench/heldout_prompts.txt``: written once, never tuned on.
"""

import argparse
import itertools
import re
import time
from dataclasses import dataclass
from pathlib import Path

from producer.lyricist import Draft, stanzas, write_lyrics
from producer.lyricist.form import plan_stanzas
from producer.lyricist.judge import is_content, scheme_pairs, spread
from producer.lyricist.scan import do_rhyme, words_of
from producer.lyricist.stanzas import Desk, open_themes
from producer.lyricist.wish import read_wish
from producer.lyricist.writer import slots_of, wanted_of, write_stanzas

HELD_OUT = Path(__file__).with_name("heldout_prompts.txt")


@dataclass(frozen=True)
class Song:
    prompt: str
    draft: Draft
    stanzas: tuple[tuple[str, tuple[str, ...]], ...]  # mark, lines; each text once
    theme_share: float
    seconds: float


def write(prompt: str, seed: str) -> Song:
    started = time.process_time()
    draft = write_lyrics(prompt, seed=seed)
    seconds = time.process_time() - started
    parts = []
    for block in draft.lyrics.split("\n\n"):
        mark, *lines = block.split("\n")
        if tuple(lines) not in [known for _, known in parts]:
            parts.append((re.sub(r"[\[\]\d ]", "", mark), tuple(lines)))
    return Song(prompt, draft, tuple(parts), theme_share(prompt, seed), seconds)


def theme_share(prompt: str, seed: str) -> float:
    """Share of the stanzas' units that were written for a theme or a thing of the prompt."""
    wish = read_wish(prompt)
    if wish.form.haiku:
        return 1.0
    desk = Desk(wish, seed, slots_of(wish), wanted_of(wish))
    write_stanzas(desk, plan_stanzas(wish.form, None))
    called = {theme.name for theme, _ in open_themes(wish)} - {"open_bright", "open_low"}
    own = called | {"details", "rap"}
    return sum(name.split("/")[0] in own for name in desk.used_units) / len(desk.used_units)


def rhyme_pairs(song: Song) -> list[bool]:
    out = []
    for mark, lines in song.stanzas:
        if mark == "Verse" and "rap" in song.draft.sound + song.prompt:
            out += [do_rhyme(a, b) for a, b in zip(lines[::2], lines[1::2], strict=False)]
        else:
            for start in range(0, len(lines), 4):
                part = lines[start : start + 4]
                out += [do_rhyme(part[a], part[b]) for a, b in scheme_pairs(part)]
    return out


def spreads(song: Song) -> list[int]:
    return [spread(lines[i : i + 4]) for _, lines in song.stanzas for i in range(0, len(lines), 4)]


def distinct_pairs(song: Song) -> float:
    words = [word for _, lines in song.stanzas for line in dict.fromkeys(lines) for word in words_of(line)]
    pairs = list(itertools.pairwise(words))
    return len(set(pairs)) / len(pairs)


def names_prompt(song: Song) -> bool:
    """Whether hook or title has a content word of the prompt."""
    chorus = next((lines[0] for mark, lines in song.stanzas if mark == "Chorus"), "")
    said = set(words_of(song.draft.title + " " + chorus))
    asked = {word for word in words_of(song.prompt) if is_content(word)}
    return any(a[:5] == b[:5] for a in said for b in asked if is_content(a) and min(len(a), len(b)) > 2)


def prompt_cover(song: Song) -> float:
    """Share of the nouns, names and places found in the prompt that are sung."""
    wish = read_wish(song.prompt)
    asked = {words_of(noun.text)[-1] for noun in wish.nouns[:4]}
    asked |= {words_of(name)[0] for name in (*wish.names, *wish.places)}
    sung = set(words_of(song.draft.lyrics))
    return sum(word in sung for word in asked) / len(asked) if asked else 1.0


def mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def report(prompts: list[str], seeds: list[str]) -> str:
    songs = {seed: [write(prompt, seed) for prompt in prompts] for seed in seeds}
    every = [song for row in songs.values() for song in row]
    rhymed = [ok for song in every if read_wish(song.prompt).form.rhyme for ok in rhyme_pairs(song)]
    even = [value <= 1 for song in every if "rap" not in song.prompt for value in spreads(song)]
    repeats = sum(
        len(lines) - len(set(lines)) for song in every for mark, lines in song.stanzas if mark != "Chorus"
    )
    choruses = [
        [lines for mark, lines in song.stanzas if mark == "Chorus"]
        for song in songs[seeds[0]]
        if song.stanzas
    ]
    flat = [lines for found in choruses for lines in found]
    shared_lines = 0
    for row in zip(*songs.values(), strict=True):
        line_sets = [{line for _, lines in song.stanzas for line in lines} for song in row]
        shared_lines += sum(len(a & b) for a, b in itertools.combinations(line_sets, 2))
    lines_in_all = sum(len(set(lines)) for song in every for _, lines in song.stanzas)
    rows = [
        ("songs", f"{len(every)} ({len(prompts)} prompts × {len(seeds)} seeds)"),
        ("rhyming pairs of the scheme", f"{mean([float(ok) for ok in rhymed]):.1%}"),
        ("stanzas with syllable spread ≤ 1", f"{mean([float(ok) for ok in even]):.1%}"),
        ("prompt noun in hook or title", f"{mean([float(names_prompt(song)) for song in every]):.1%}"),
        ("prompt nouns, names, places sung", f"{mean([prompt_cover(song) for song in every]):.1%}"),
        ("stanzas written for the theme", f"{mean([song.theme_share for song in every]):.1%}"),
        ("distinct-2, mean / least", f"{mean([distinct_pairs(s) for s in every]):.3f} / "
                                     f"{min(distinct_pairs(s) for s in every):.3f}"),
        ("lines repeated outside the chorus", str(repeats)),
        ("choruses shared between prompts", str(len(flat) - len(set(flat)))),
        ("lines shared between seeds", f"{shared_lines} of {lines_in_all}"),
        ("CPU seconds a song, mean / most", f"{mean([s.seconds for s in every]):.2f} / "
                                        f"{max(s.seconds for s in every):.2f}"),
    ]  # fmt: skip
    return "\n".join(f"| {name} | {value} |" for name, value in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prompts", nargs="?", type=Path, default=HELD_OUT)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--show", type=int, default=0, help="print this many songs")
    parser.add_argument("--blind", action="store_true", help="draw without the judge, to see what it adds")
    asked = parser.parse_args()
    if asked.blind:
        stanzas.score_stanza = lambda *_, **__: 0.0
    prompts = [line for line in asked.prompts.read_text("utf-8").splitlines() if line.strip()]
    print("| measure | value |\n|---|---|\n" + report(prompts, asked.seeds.split(",")))
    for prompt in prompts[: asked.show]:
        draft = write_lyrics(prompt, seed=asked.seeds.split(",")[0])
        print(f"\n## {prompt}\n\n*{draft.title}* – {draft.sound}\n\n{draft.lyrics}")


if __name__ == "__main__":
    main()
