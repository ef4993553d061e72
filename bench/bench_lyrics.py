"""Measure the lyricist over prompts: rhyme, metre, theme, repetition, variety, speed.

    python bench/bench_lyrics.py [prompts.txt] [--seeds 1,2,3] [--systems rules,model,blind,alone] [--take N]

Systems: ``rules`` the phrase bank with its rules, ``model`` the same with the language model (the product),
``blind`` the bank drawn without any judge, ``alone`` the language model under metre and rhyme (slow).
The default prompts are ``bench/heldout_prompts.txt``: written once, never tuned on.
"""

import argparse
import itertools
import re
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lyrics_judge import TopicJudge

from producer.lyricist import Draft, stanzas, write_lyrics, write_with_model
from producer.lyricist.judge import distinct_pairs, is_content, scheme_pairs, spread
from producer.lyricist.model import load_model
from producer.lyricist.scan import count_syllables, do_rhyme, words_of
from producer.lyricist.wish import read_wish

HELD_OUT = Path(__file__).with_name("heldout_prompts.txt")
Write = Callable[[str, str], Draft]


@dataclass(frozen=True)
class Song:
    prompt: str
    draft: Draft
    stanzas: tuple[tuple[str, tuple[str, ...]], ...]  # mark, lines; each text once
    seconds: float


def write_blind(prompt: str, seed: str) -> Draft:
    judged = stanzas.score_stanza
    stanzas.score_stanza = lambda *_, **__: 0.0
    try:
        return write_lyrics(prompt, seed=seed)
    finally:
        stanzas.score_stanza = judged


def alone() -> Write:
    from line_decoder import LineDecoder

    decoder = LineDecoder(load_model())
    return lambda prompt, seed: Draft(decoder.write(prompt, int(seed)), "", "", "en")


SYSTEMS: dict[str, tuple[str, Callable[[], Write]]] = {
    "alone": ("model alone", alone),
    "blind": ("bank, drawn blindly", lambda: write_blind),
    "rules": ("bank and rules", lambda: lambda prompt, seed: write_lyrics(prompt, seed=seed)),
    "model": ("bank, rules and model", lambda: lambda prompt, seed: write_with_model(prompt, seed=seed)),
}


def listen(write: Write, prompt: str, seed: str) -> Song:
    started = time.process_time()
    draft = write(prompt, seed)
    seconds = time.process_time() - started
    parts = []
    for block in draft.lyrics.split("\n\n"):
        mark, *lines = block.split("\n")
        lines = [
            line for i, line in enumerate(lines) if line[:1] != "(" and line not in lines[max(0, i - 1) : i]
        ]
        if tuple(lines) not in [known for _, known in parts]:
            parts.append((re.sub(r"[\[\]\d ]", "", mark), tuple(lines)))
    return Song(prompt, draft, tuple(parts), seconds)


def is_rap(song: Song) -> bool:
    return bool(re.search(r"\brap\b|hip hop", song.draft.sound + song.prompt))


def has_couplets(lines: tuple[str, ...]) -> bool:
    """Whether a stanza is one of long lines in couplets, as ballads and blues have them."""
    return len(lines) % 2 == 0 and all(count_syllables(line) > 10 for line in lines)


def rhyme_pairs(song: Song) -> list[bool]:
    out = []
    for mark, lines in song.stanzas:
        if mark == "Post-Chorus":
            continue
        if has_couplets(lines) or (mark == "Verse" and is_rap(song)):
            out += [do_rhyme(a, b) for a, b in zip(lines[::2], lines[1::2], strict=False)]
        else:
            for start in range(0, len(lines), 4):
                part = lines[start : start + 4]
                out += [do_rhyme(part[a], part[b]) for a, b in scheme_pairs(part)]
    return out


def spreads(song: Song) -> list[int]:
    """Syllables by which lines of one tune differ, stanza by stanza; couplets line by line."""
    return [
        spread(lines[i : i + step])
        for mark, lines in song.stanzas
        if mark != "Post-Chorus"
        for step in [2 if has_couplets(lines) else 4]
        for i in range(0, len(lines), step)
    ]


def names_prompt(song: Song) -> bool:
    """Whether hook or title has a content word of the prompt."""
    chorus = next((lines[0] for mark, lines in song.stanzas if mark == "Chorus" and lines), "")
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


def measure(write: Write, prompts: list[str], seeds: list[str], judge: TopicJudge) -> dict[str, str]:
    songs = {seed: [listen(write, prompt, seed) for prompt in prompts] for seed in seeds}
    every = [song for row in songs.values() for song in row]
    rhymed = [float(ok) for song in every if read_wish(song.prompt).form.rhyme for ok in rhyme_pairs(song)]
    even = [float(value <= 1) for song in every if not is_rap(song) for value in spreads(song)]
    repeats = sum(
        len(lines) - len(set(lines)) for song in every for mark, lines in song.stanzas if mark != "Chorus"
    )
    choruses = [lines for song in songs[seeds[0]] for mark, lines in song.stanzas if mark == "Chorus"]
    shared = 0
    for row in zip(*songs.values(), strict=True):
        line_sets = [{line for _, lines in song.stanzas for line in lines} for song in row]
        shared += sum(len(a & b) for a, b in itertools.combinations(line_sets, 2))
    in_all = sum(len(set(lines)) for song in every for _, lines in song.stanzas)
    topics = judge.judge([(song.prompt, [lines for _, lines in song.stanzas if lines]) for song in every])
    distinct = [distinct_pairs([lines for _, lines in song.stanzas]) for song in every]
    seconds = [song.seconds for song in every]
    return {
        "songs (prompts × seeds)": f"{len(prompts)} × {len(seeds)}",
        "rhyming pairs of the scheme": f"{mean(rhymed):.1%}",
        "stanzas with syllable spread ≤ 1": f"{mean(even):.1%}",
        "prompt noun in hook or title": f"{mean([float(names_prompt(song)) for song in every]):.1%}",
        "prompt nouns, names, places sung": f"{mean([prompt_cover(song) for song in every]):.1%}",
        "stanzas on theme (independent judge)": f"{topics.on_theme:.1%}",
        "lines: farther from this share of the other prompts": f"{topics.lines:.1%}",
        "lines on theme: seen by the judge / corrected": f"{topics.lines_seen:.1%} / {topics.lines_true:.1%}",
        "the same lines held against other prompts": f"{topics.by_chance:.1%}",
        "songs whose prompt the judge finds among all": f"{topics.found:.1%}",
        "distinct-2, mean / least": f"{mean(distinct):.3f} / {min(distinct):.3f}",
        "lines repeated outside the chorus": str(repeats),
        "choruses shared between prompts": str(len(choruses) - len(set(choruses))),
        "lines shared between seeds": f"{shared} of {in_all}",
        "CPU seconds a song, mean / most": f"{mean(seconds):.2f} / {max(seconds):.2f}",
        "most memory so far, MB": f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("prompts", nargs="?", type=Path, default=HELD_OUT)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--systems", default="blind,rules,model")
    parser.add_argument("--take", type=int, default=0, help="write for the first so many prompts only")
    parser.add_argument("--skip", type=int, default=0, help="leave out the first so many prompts")
    parser.add_argument("--show", type=int, default=0, help="print this many songs of the last system")
    asked = parser.parse_args()
    prompts = [line for line in asked.prompts.read_text("utf-8").splitlines() if line.strip()]
    judge = TopicJudge(prompts)
    scale = judge.scale
    print(
        f"Judge of lines: area {scale.area:.3f}; {scale.hits:.1%} of lines written for a prompt reach "
        f"{scale.threshold:.2f}, {scale.false:.1%} of others do.\n"
    )
    names = asked.systems.split(",")
    columns = []
    for name in names:
        write = SYSTEMS[name][1]()
        columns.append(
            measure(write, prompts[asked.skip :][: asked.take or None], asked.seeds.split(","), judge)
        )
    print("| measure | " + " | ".join(SYSTEMS[name][0] for name in names) + " |")
    print("|---" * (len(names) + 1) + "|")
    for row in columns[0]:
        print(f"| {row} | " + " | ".join(column[row] for column in columns) + " |")
    for prompt in prompts[: asked.show]:
        draft = write(prompt, asked.seeds.split(",")[0])
        print(f"\n## {prompt}\n\n*{draft.title}* – {draft.sound}\n\n{draft.lyrics}")


if __name__ == "__main__":
    main()
