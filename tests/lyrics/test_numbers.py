import pytest

from producer.lyrics.numbers import cardinal, has_words, read_number


@pytest.mark.parametrize(("printed", "said"), [
    ("0", "zero"),
    ("17", "seventeen"),
    ("365", "three hundred sixty five"),
    ("1984", "nineteen eighty four"),
    ("1905", "nineteen oh five"),
    ("2005", "two thousand five"),
    ("2024", "twenty twenty four"),
    ("1,000,000", "one million"),
    ("'90s", "nineties"),
    ("1980s", "nineteen eighties"),
    ("1st", "first"),
    ("22nd", "twenty second"),
    ("100th", "one hundredth"),
    ("3.14", "three point one four"),
    ("10:30", "ten thirty"),
    ("9:05", "nine oh five"),
    ("7am", "seven a m"),
    ("$20", "twenty dollars"),
    ("$1.50", "one dollar fifty"),
    ("£5", "five pounds"),
    ("50%", "fifty percent"),
    ("3x", "three times"),
    ("555-1234", "five five five one two three four"),
    ("007", "zero zero seven"),
    ("911", "nine one one"),
    ("12345678901234", "one two three four five six seven eight nine zero one two three four"),
])  # fmt: skip
def test_english(printed, said):
    assert " ".join(read_number(printed)) == said


@pytest.mark.parametrize(("language", "number", "said"), [
    ("es", 31, "treinta y uno"),
    ("es", 2100, "dos mil cien"),
    ("fr", 1971, "mille neuf cent soixante et onze"),
    ("fr", 280, "deux cent quatre vingts"),
    ("it", 28, "ventotto"),
    ("pt", 365, "trezentos e sessenta e cinco"),
    ("de", 21, "ein und zwanzig"),
    ("ja", 300, "さんびゃく"),
    ("zh", 24, "二十四"),
    ("ko", 24, "이십사"),
])  # fmt: skip
def test_other_languages(language, number, said):
    assert has_words(language)
    assert " ".join(cardinal(number, language)) == said


@pytest.mark.parametrize(("language", "number", "said"), [
    ("zh", "25000", "二 万 五 千"), ("zh", "101", "一百 零 一"), ("zh", "1999", "一 九 九 九"),
    ("ja", "3000", "さんぜん"), ("ja", "25000", "に まん ご せん"), ("ko", "25000", "이 만 오 천"),
    ("hi", "24", "चौबीस"), ("hi", "150000", "एक लाख पचास हज़ार"),
])  # fmt: skip
def test_languages_that_count_by_other_steps(language, number, said):
    assert read_number(number, language) == said.split()
