"""Words that must agree with a noun of the prompt, as slots for the phrase bank."""

from producer.lyricist.nouns import Noun

_LIVING = frozenset({"person", "role", "kin", "name", "animal"})
_CASES = {
    "he": ("he", "him", "his"),
    "she": ("she", "her", "her"),
    "it": ("it", "it", "its"),
    "they": ("they", "them", "their"),
}


def topic_slots(noun: Noun, pronoun: str) -> dict[str, str]:
    """Slots that a stanza about a noun needs: the noun itself, its pronouns and its verb endings.

    Parameters
    ----------
    noun
        What the stanza is about.
    pronoun
        ``he`` or ``she`` when it lives and is one; things are *it* whatever is given here.

    Examples
    --------
    >>> slots = topic_slots(Noun("boats", "boat", "thing", "many", ""), "he")
    >>> slots["topic"], slots["they"], "sail" + slots["s"], slots["was"]
    ('the boats', 'they', 'sail', 'were')
    """
    many = noun.number == "many" or (noun.kind in _LIVING and pronoun == "they")
    they, them, their = _CASES["they" if many else pronoun if noun.kind in _LIVING else "it"]
    return {
        "topic": noun.definite,
        "topic_plain": noun.plain,
        "a_topic": with_article(noun),
        "bare": noun.text,
        "they": they,
        "them": them,
        "their": their,
        "s": "" if many else "s",
        "is": "are" if many else "is",
        "was": "were" if many else "was",
        "has": "have" if many else "has",
        "do": "do" if many else "does",
    }


def with_article(noun: Noun) -> str:
    """A noun as it is first told of: ``a lighthouse keeper``, ``boats``, ``my dad``.

    *A* becomes *an* where the line is tidied.
    """
    if noun.owner:
        return noun.definite
    return f"a {noun.text}" if noun.number == "one" else noun.text
