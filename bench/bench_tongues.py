"""How well other languages are understood, spoken and sung, from printed words to sound.

    python bench/bench_tongues.py [dev|heldout] [LANGUAGE …]

Every song goes the whole way: its language is recognised, its words are read, a tune is composed, a singer
sings. Whisper base, told the language, writes down each dry line; the same words spoken by the same voice
are the ceiling. Letters are compared; in Japanese kana as they are said, in Chinese syllables without
their tone, because a tune has none and Whisper picks characters by it. The songs in
bench/tongues/heldout.toml were never used for tuning.
"""

import re
import sys
import tomllib
import unicodedata
from collections import defaultdict
from pathlib import Path

import voice_judge as judge
from scipy.signal import resample_poly

import producer
from producer.lyrics.hanzi import pinyin
from producer.lyrics.kana import reading_of
from producer.score.singer import ROSTER
from producer.studio.singer.performance import perform
from producer.studio.singer.phonemes import line_tokens
from producer.studio.singer.speech import model

FOLDER = Path(__file__).parent / "tongues"
WORDY = ("es", "fr", "it", "pt")  # languages in which words are counted too
SEED = "7"
#: Whisper chooses between scripts of one language by what it believes to have written before.
SCRIPT = {"hi": "नमस्ते, यह हिन्दी है।", "zh": "以下是普通话的句子。"}
_LONG = re.compile(r"(?<=[おこそとのほもよろごぞどぼぽょゅ])う|ー")


def letters(text):
    """Lower case, composed, letters and their marks only."""
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in text if unicodedata.category(c)[0] in "LM")


def compared(text, language):
    """What of a text is counted."""
    if language == "ja":
        return _LONG.sub("", reading_of(text)).replace("を", "お")
    if language == "zh":
        return [syllable[:-1] for syllable in pinyin(letters(text))]
    return letters(text)


def distance(wanted, heard):
    """Edit distance of two sequences (Levenshtein 1966)."""
    row = list(range(len(heard) + 1))
    for i, one in enumerate(wanted, 1):
        following = [i]
        for j, other in enumerate(heard, 1):
            following.append(min(row[j] + 1, following[-1] + 1, row[j - 1] + (one != other)))
        row = following
    return row[-1]


def errors(text, kana, language, heard):
    """(letters wrong, letters, words wrong, words) of what was heard."""
    wanted = _LONG.sub("", kana).replace("を", "お") if kana else compared(text, language)
    by_letter = distance(wanted, compared(heard, language)), len(wanted)
    words = judge.word_errors(text.lower(), heard.lower()) if language in WORDY else (0, 0)
    return (*by_letter, *words)


def spoken(cue):
    """The cue's words as its voice speaks them, 44.1 kHz."""
    tokens, _ = line_tokens(cue.job.syllables, cue.job.member.voice)
    return resample_poly(model().speak(tokens, cue.job.member.voice).wave, 147, 80)


def judge_song(row):
    """Each different line of a song: its singer's gender and errors spoken and sung."""
    language = row["language"]
    song = producer.compose(row["sound"], lyrics="[Verse]\n" + "\n".join(row["lines"]), seed=SEED)
    assert song.sheet.language == language, f"{row['name']} was taken for {song.sheet.language}"
    kana = dict(zip(row["lines"], row.get("kana", ()), strict=False))
    lines = sorted(song.vocal, key=lambda sung: sung.notes[0].start_beat)
    seen = set()
    for (cue, sung), line in zip(perform(song), lines, strict=True):
        text = line.line.text
        if text in seen:
            continue
        seen.add(text)
        heard = [
            judge.transcribe(sound, language, prompt=SCRIPT.get(language))
            for sound in (spoken(cue), sung.samples)
        ]
        found = [errors(text, kana.get(text), language, one) for one in heard]
        rates = "  ".join(f"{wrong / total:.2f}" for wrong, total, _, _ in found)
        print(f"{language} {cue.job.member.voice:11} {rates}  {text}  →  {'  →  '.join(heard)}", flush=True)
        yield ROSTER[song.singers[0]].gender, found


def rate(pairs):
    """Pooled rate of (wrong, total) pairs."""
    total = sum(count for _, count in pairs)
    return f"{sum(wrong for wrong, _ in pairs) / total:.3f}" if total else ""


def table(judged):
    """Lines of the table: letters wrong spoken → sung, women and men apart, and words."""
    yield "| language | letters spoken → sung | woman | man | words spoken → sung | worst line |"
    yield "|---|---|---|---|---|---|"
    for language, rows in judged.items():
        cells = []
        for who in ("all", "female", "male"):
            lines = [found for gender, found in rows if who in ("all", gender)]
            spoken_rate, sung_rate = (rate([found[i][:2] for found in lines]) for i in (0, 1))
            cells.append(f"{spoken_rate} → {sung_rate}")
        words = [rate([found[i][2:] for _, found in rows]) for i in (0, 1)]
        cells.append(" → ".join(words) if words[0] else "")
        cells.append(f"{max(found[1][0] / found[1][1] for _, found in rows):.2f}")
        yield f"| {language} | " + " | ".join(cells) + " |"


def main():
    """Judge a set, printing every line and then the table."""
    which, *languages = sys.argv[1:] or ["heldout"]
    judged = defaultdict(list)
    for row in tomllib.loads((FOLDER / f"{which}.toml").read_text("utf-8"))["song"]:
        if not languages or row["language"] in languages:
            judged[row["language"]] += judge_song(row)
    print("\n" + "\n".join(table(judged)))


if __name__ == "__main__":
    main()
