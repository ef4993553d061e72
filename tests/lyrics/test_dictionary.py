from producer.lyrics import dictionary


def test_the_usual_pronunciation_comes_first():
    assert dictionary.pronunciations("love") == (("L", "AH1", "V"),)
    assert dictionary.pronunciations("LIVE") == (("L", "AY1", "V"), ("L", "IH1", "V"))
    assert dictionary.pronunciations("don’t")[0] == ("D", "OW1", "N", "T")


def test_what_is_not_listed_has_none():
    assert dictionary.pronunciations("xyzzyplugh") == ()
    assert dictionary.pronunciations("") == ()
    assert not dictionary.is_listed("xyzzyplugh")


def test_all_of_it_is_there():
    words = list(dictionary.words())
    assert len(words) > 126_000
    assert words == sorted(words)
    assert sum(len(dictionary.pronunciations(word)) for word in words[::500]) >= len(words[::500])
