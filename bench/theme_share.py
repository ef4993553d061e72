"""Measure how much of the songs comes from themes that their prompts call for, with the phrase bank alone.

    python bench/theme_share.py [prompts.txt] [--seeds 1,2,3]

Prints how many prompts call for no theme, the share of verse lines by where they come from, and distinct-2.
The default prompts, ``bench/everyday_prompts.txt``, were written together with the themes that know them;
they show what is covered, not how well it generalises.
"""

import argparse
from collections import Counter
from pathlib import Path
from random import Random

from producer.lyricist import write_lyrics
from producer.lyricist.bank import fill, themes
from producer.lyricist.judge import distinct_pairs
from producer.lyricist.scan import words_of
from producer.lyricist.wish import read_wish

EVERYDAY = Path(__file__).with_name("everyday_prompts.txt")
SLOTS = {"hook": "", "name": "x", "kin": "Mama", "m": "", "f": ""}


def sources() -> dict[tuple[str, ...], str]:
    """The theme of every line of the bank, as its words; lines told of another person are not found in it."""
    return {
        words_of(line): theme.name
        for theme in themes().values()
        for units in theme.units.values()
        for unit in units
        for dice in range(4)
        for line in fill(unit.lines, SLOTS, Random(dice)) or ()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prompts", nargs="?", type=Path, default=EVERYDAY)
    parser.add_argument("--seeds", default="1")
    options = parser.parse_args()
    prompts = [line.strip() for line in options.prompts.read_text("utf-8").splitlines() if line.strip()]
    source = sources()
    lines: Counter[str] = Counter()
    distinct: list[float] = []
    strangers = 0
    for prompt in prompts:
        called = {t.name for t, _ in read_wish(prompt).themes if not (t.is_style or t.is_general)}
        strangers += not called
        for seed in options.seeds.split(","):
            blocks = dict.fromkeys(write_lyrics(prompt, seed=seed).lyrics.split("\n\n"))
            stanzas = [tuple(block.split("\n")[1:]) for block in blocks]
            distinct.append(distinct_pairs(dict.fromkeys(stanzas)))
            for block, stanza in zip(blocks, stanzas, strict=True):
                for line in stanza if not block.startswith("[Chorus") else ():
                    own = source.get(words_of(line), "")
                    lines["called" if own in called else "general" if is_anybodys(own) else "other"] += 1
    print(f"{strangers} of {len(prompts)} prompts call for no theme")
    print("verse lines:", ", ".join(f"{name} {n / lines.total():.1%}" for name, n in lines.most_common()))
    print(f"distinct-2: mean {sum(distinct) / len(distinct):.3f}, least {min(distinct):.3f}")


def is_anybodys(name: str) -> bool:
    """Whether a theme is general or a style's."""
    return name in themes() and (themes()[name].is_general or themes()[name].is_style)


if __name__ == "__main__":
    main()
