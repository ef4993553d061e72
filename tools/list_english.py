"""List everyday English for the recognition of languages: `python tools/list_english.py`.

The words of the writer's own bank and of the sentences beside this file, as far as CMUdict has them.
"""

import re
import sys
from pathlib import Path

from producer.lyrics.dictionary import is_listed

ROOT = Path(__file__).parents[1]
BANK = ROOT / "src/producer/lyricist/data"
TARGET = ROOT / "src/producer/lyrics/data/english_words.txt"


def main() -> None:
    """Write the list, a word a line."""
    sources = [*BANK.glob("themes/*.toml"), BANK / "details.toml", BANK / "special.toml"]
    sources.append(ROOT / "tools/aligner_sentences.txt")
    text = "\n".join(path.read_text("utf-8") for path in sources).lower()
    words = sorted({word for word in re.findall(r"[a-z]+(?:'[a-z]+)?", text) if is_listed(word)})
    TARGET.write_text("\n".join(words) + "\n", "utf-8")
    sys.stdout.write(f"{len(words)} words\n")


if __name__ == "__main__":
    main()
