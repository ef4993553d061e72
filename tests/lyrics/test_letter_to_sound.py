import pytest

from producer.lyrics.letter_to_sound import spell_out


@pytest.mark.parametrize(("word", "phones"), [
    ("blorp", "B L AO1 R P"),
    ("zendaya", "Z EH0 N D AY1 AH0"),
    ("glimmering", "G L IH1 M ER0 IH0 NG"),
    ("skylights", "S K AY1 L AY2 T S"),
])  # fmt: skip
def test_invented_and_new_words(word, phones):
    said = [phone.rstrip("012") for phone in spell_out(word)]
    assert said == [phone.rstrip("012") for phone in phones.split()]


@pytest.mark.parametrize("word", ["starlit", "moonfire", "heartsong", "everglow", "wanderlusting"])
def test_exactly_one_primary_stress(word):
    assert sum(phone.endswith("1") for phone in spell_out(word)) == 1


def test_nothing_to_say():
    assert spell_out("") == ()
    assert spell_out("123!") == ()
