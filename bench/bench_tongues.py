"""How well other languages are understood, spoken and sung, from printed words to sound.

    python bench/bench_tongues.py [dev|heldout] [LANGUAGE …]

Every song goes the whole way: its language is recognised, its words are read, a tune is composed, the
singer sings. Whisper base, told the language, writes down each dry line; the same line spoken plainly by
the same voice is the ceiling. The songs in bench/tongues/heldout.toml were never used for tuning.
"""

import json
import sys
import tomllib
import unicodedata
from pathlib import Path

import voice_judge as judge
from scipy.signal import resample_poly

import producer
from producer.score.singer import ROSTER
from producer.studio.singer.performance import perform
from producer.studio.singer.phonemes import line_tokens
from producer.studio.singer.speech import model

FOLDER = Path(__file__).parent / "tongues"
#: Whisper chooses between scripts of one language by what it believes to have written before.
SCRIPT = {"hi": "नमस्ते, यह हिन्दी है।", "zh": "以下是普通话的句子。"}
WORDY = ("es", "fr", "it", "pt")  # languages with blanks between words that are counted


def letters(text):
    """What is compared: lower case, composed, letters and their marks only."""
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in text if unicodedata.category(c)[0] in "LM")


def distance(wanted, heard):
    """Edit distance of two sequences (Levenshtein 1966)."""
    row = list(range(len(heard) + 1))
    for i, one in enumerate(wanted, 1):
        following = [i]
        for j, other in enumerate(heard, 1):
            following.append(min(row[j] + 1, following[-1] + 1, row[j - 1] + (one != other)))
        row = following
    return row[-1]


def spoken(cue):
    """The cue's words as its voice speaks them, 44.1 kHz."""
    speech = model().speak(line_tokens(cue.job.syllables, cue.job.member.voice)[0], cue.job.member.voice)
    return resample_poly(speech.wave, 147, 80)


def hear(row, seed):
    """Every line of a song: as written, as heard spoken and as heard sung."""
    song = producer.compose(row["sound"], lyrics="[Verse]\n" + "\n".join(row["lines"]), seed=seed)
    language = row["language"]
    assert song.sheet.language == language, f"{row['name']} was taken for {song.sheet.language}"
    lines = sorted(song.vocal, key=lambda sung: sung.notes[0].start_beat)
    seen = set()
    for (cue, sung), line in zip(perform(song), lines, strict=True):
        if line.line.text in seen:
            continue
        seen.add(line.line.text)
        yield {
            "song": row["name"], "language": language, "voice": cue.job.member.voice,
            "gender": ROSTER[song.singers[0]].gender, "line": line.line.text,
            "kana": dict(zip(row["lines"], row.get("kana", ()), strict=False)).get(line.line.text),
            "median": sorted(n.pitch for n in line.notes)[len(line.notes) // 2],
            "spoken": judge.transcribe(spoken(cue), language, prompt=SCRIPT.get(language)),
            "sung": judge.transcribe(sung.samples, language, prompt=SCRIPT.get(language)),
        }  # fmt: skip


def main():
    """Judge a set and print each line with faults, then the table."""
    which, *languages = sys.argv[1:] or ["heldout"]
    rows = tomllib.loads((FOLDER / f"{which}.toml").read_text("utf-8"))["song"]
    heard = []
    for row in rows:
        if not languages or row["language"] in languages:
            for entry in hear(row, "7"):
                heard.append(entry)
                print(json.dumps(entry, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
