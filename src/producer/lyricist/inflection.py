"""Which words are forms of each other: *hoping* is a form of *hope*, not of *hop*; *fairy* none of *fair*."""

from functools import lru_cache

from producer.lyricist.nouns import lexicon

_VOWELS = "aeiou"
_SIBILANTS = ("s", "x", "z", "sh", "ch", "o")


@lru_cache(maxsize=16384)
def bases(word: str) -> frozenset[str]:
    """Words that an English word in lower case may be a form of, itself among them.

    Nouns lose their plural, verbs -s, -ing and -ed, adjectives the -y that made them of a noun.

    >>> sorted(bases("hoping")), sorted(bases("hopping")), sorted(bases("fairy"))
    (['hope', 'hoping'], ['hop', 'hopp', 'hopping'], ['fairy'])
    """
    word = word.removesuffix("'s")
    found = {word}
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        found |= _singulars(word)
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) > 1 and any(letter in _VOWELS + "y" for letter in root):
            found |= _verbs(root)
    if word.endswith("y") and len(word) > 4 and word not in lexicon():
        found |= {root for root in _verbs(word[:-1]) if root in lexicon()}
    return frozenset(found)


def are_forms(one: str, other: str) -> bool:
    """Whether two words are forms of one.

    >>> are_forms("sailed", "sailing"), are_forms("gang", "ganges"), are_forms("rainy", "rain")
    (True, False, True)
    """
    return bool(bases(one) & bases(other))


def _singulars(word: str) -> set[str]:
    if word.endswith("ies") and len(word) > 4:
        return {word[:-3] + "y", word[:-1]}
    if word.endswith("es") and word[:-2].endswith(_SIBILANTS):
        return {word[:-2], word[:-1]}
    return {word[:-1]}


def _verbs(root: str) -> set[str]:
    """What a root before -ing or -ed may have been: *runn* run, *hop* hope, *open* open, *danc* dance."""
    if len(root) > 2 and root[-1] == root[-2]:
        return {root, root[:-1]}
    short = (
        len(root) > 1
        and root[-1] not in _VOWELS + "wxy"
        and root[-2] in _VOWELS
        and (len(root) == 2 or root[-3] not in _VOWELS)
        and sum(letter in _VOWELS for letter in root) == 1
    )
    return {root + "e"} if short else {root, root + "e"}
