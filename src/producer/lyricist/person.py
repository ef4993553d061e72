"""Who a song tells of, and stanzas sung by *I* told of him, of her, of them.

The phrase bank is mostly sung by *I*. A prompt such as *a sailor called Tom who drinks alone* asks for a song
about somebody; this module turns the persons of a stanza and makes its verbs agree. What it cannot turn for
certain it refuses: the writer has other stanzas.
"""

import re
from collections.abc import Sequence
from functools import cache

from producer.lyricist.bank import read, word_set
from producer.lyricist.nouns import lexicon, singular

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\n|\"|[^\w\s]|\s+")
_QUOTE = '"'
_ENDS = frozenset((".", "!", "?", ";", _QUOTE))
_OTHER_SUBJECTS = frozenset(("they", "it", "there", "to", "who", "that", "nobody", "somebody", "he", "she"))
_JOINTS = frozenset(("and", "or", "then", "but"))
_OTHERS = {
    "he": {"he", "he's", "him", "his"},
    "she": {"she", "she's", "her", "hers"},
    "they": {"they", "they're", "they've", "they'd", "they'll", "them", "their"},
    "you": set(),
}


def is_sung_by_me(lines: Sequence[str]) -> bool:
    """Whether whoever sings speaks of himself in these lines."""
    return bool({*_words(" ".join(lines))} & {*_table("he"), *_table("others")})


def speaks_to_others(lines: Sequence[str]) -> bool:
    """Whether lines speak to *you* or of *us*."""
    return bool({*_words(" ".join(lines))} & _list("others"))


def speaks_to(hook: str, names: Sequence[str]) -> bool:
    """Whether a hook is sung to somebody: *Tom, the lighthouse burns for you*."""
    called = any(re.search(rf"(?:^|, ){re.escape(name)}(?:,|[?!]?$)", hook) for name in names)
    return called or speaks_to_others((hook,))


def retell(lines: tuple[str, ...], person: str) -> tuple[str, ...] | None:
    """Lines sung by *I* told of another; None where that cannot be done for certain.

    Parameters
    ----------
    lines
        A stanza.
    person
        ``he``, ``she``, ``they``, or ``you``.

    Examples
    --------
    >>> retell(("I climb the stairs and never cry,", "My boots are on my feet"), "she")
    ('She climbs the stairs and never cries,', 'Her boots are on her feet')
    >>> retell(("I was alone, I put it down",), "they")
    ('They were alone, they put it down',)
    >>> retell(("I read your letter",), "he") is None
    True
    """
    text = "\n".join(lines).replace("’", "'")
    own = {*_words(text)}
    if own & _list("others") or own & _OTHERS[person] or re.search(r"(?:^|\n)Me,", text):
        return None
    told = _turned(_TOKEN.findall(text), person)
    return tuple(told.split("\n")) if told is not None else None


def named(lines: tuple[str, ...], person: str, name: str) -> tuple[str, ...]:
    """Lines whose first line-leading pronoun gives way to a name: *Tom climbs the stairs*.

    >>> named(("The road is long,", "He's far from home"), "he", "Tom")
    ('The road is long,', "Tom's far from home")
    """
    for at, line in enumerate(lines):
        match = re.match(rf"{person.capitalize()}(?='s\b| )", line)
        if not match and {*_words(line)} & {*_table(person).values()}:
            return lines
        if match:
            return (*lines[:at], name + line[match.end() :], *lines[at + 1 :])
    return lines


def _turned(tokens: list[str], person: str) -> str | None:
    """Tokens with their persons turned, as one text."""
    table = _table(person)
    inflects = person in {"he", "she"}
    out: list[str] = []
    governs = ""  # how the verb of *I* stands in this sentence: present, past or bare
    waits = False  # whether that verb is still to come
    joint = ""  # the word or comma right before that joins verbs
    quoted = False
    for at, token in enumerate(tokens):
        word = token.lower()
        quoted ^= token == _QUOTE
        if quoted or not token[0].isalpha():
            governs = "" if word in _ENDS else governs
            joint = joint or ("," if word == "," else "")
            out.append(token)
            continue
        turned: str | None = token
        if word in _table("others"):
            turned = _table("others")[word]
            turned = turned.capitalize() if _starts_line(out) else turned
            governs = "another" if governs == "present" and word.startswith("we") else governs
        elif word in table:
            if word == "my" and _calls(tokens, at):
                return None
            turned = table[word].capitalize() if _starts_line(out) else table[word]
            if word.split("'")[0] == "i":
                waits = word == "i" and not _turn_back(out, person)
                governs = "present" if word in {"i'm", "i've"} else "" if waits else "bare"
                if word == "i've" and inflects and not _is_participle(_next_word(tokens, at)):
                    return None
        elif waits and word not in _list("adverbs"):
            turned, governs = _agree(word, person)
            waits = False
        elif inflects and governs == "present" and joint:
            turned = _joined(word, token, joint, closely=_word_before(out) in _JOINTS)
        elif inflects and governs == "another" and joint and word in _list("present"):
            turned = None  # *I know they wait and watch*: who watches?
        if governs == "present" and word in _OTHER_SUBJECTS:
            governs = "another"
        if turned is None:
            return None
        out.append(turned)
        joint = word if word in _JOINTS else joint if word in _list("adverbs") else ""
    return None if waits and _last_word(tokens) != "i" else "".join(out)


def _joined(word: str, token: str, joint: str, *, closely: bool) -> str | None:
    """A word after *and* or a comma in a sentence whose verb is a present one of *I*."""
    if word == "like":  # *trying, like the rest*
        return token
    if word in read("persons")["verbs"]["one"]:
        return str(read("persons")["verbs"]["one"][word])
    if word in _list("present"):  # *bread and water*, or *and water the bread*?
        return _third(word) if word not in lexicon() else None
    known = word in word_set("function") | word_set("qualities") | {"nothing", "half"} or is_noun(word)
    if word in _list("either") or (closely and joint != "but" and not known and not word.endswith("ly")):
        return None
    return token


def is_noun(word: str) -> bool:
    """Whether a word is a known noun, in singular or plural."""
    return singular(word)[0] in lexicon()


def _calls(tokens: Sequence[str], at: int) -> bool:
    """Whether *my* begins a call: *good night, my friend,*."""
    after = [token.lower() for token in tokens[at + 1 : at + 4] if token.strip()]
    return after[:1] != [] and after[0] in _list("called") and (len(after) < 2 or not after[1][0].isalpha())


def _is_participle(word: str) -> bool:
    return word in _list("past") | _list("adverbs") | _list("either") | _list("participles") or word.endswith(
        ("ed", "en", "wn")
    )


def _agree(word: str, person: str) -> tuple[str | None, str]:
    """A verb that followed *I* after another subject, and how it stands; None where nobody can tell."""
    verbs = read("persons")["verbs"]
    if person in {"they", "you"}:
        return verbs["many"].get(word, word), "past"
    if word in verbs["one"]:
        return verbs["one"][word], "bare" if word.startswith(("do", "don")) else "present"
    if word in _list("same") or word == "better":
        return word, "bare" if word in _list("bare") else "past"
    if word in _list("present"):
        return _third(word), "present"
    if word in _list("past") or (word.endswith("ed") and word not in _list("either")):
        return word, "past"
    return None, ""


def _third(verb: str) -> str:
    """
    >>> _third("carry"), _third("watch"), _third("go"), _third("say")
    ('carries', 'watches', 'goes', 'says')
    """
    if verb.endswith("y") and verb[-2] not in "aeou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


def _turn_back(out: list[str], person: str) -> bool:
    """Make a verb before *I* agree (*do I*, *am I*); whether there is one."""
    verbs = read("persons")["verbs"]
    if _word_before(out) not in _list("bare") | _list("same") | {"am", "have", "haven't"}:
        return False
    at = max(i for i, token in enumerate(out) if token.strip())
    word = out[at].lower()
    instead = verbs["many" if person in {"they", "you"} else "one"].get(word, word)
    out[at] = instead.capitalize() if out[at][0].isupper() else instead
    return True


def _starts_line(out: list[str]) -> bool:
    before = "".join(out).rpartition("\n")[2].strip().strip(_QUOTE)
    return not before or before[-1] in ".!?"


def _word_before(out: list[str]) -> str:
    return next((token.lower() for token in reversed(out) if token.strip()), "")


def _next_word(tokens: Sequence[str], at: int) -> str:
    return next((token.lower() for token in tokens[at + 1 : at + 3] if token.strip()), "")


def _last_word(tokens: Sequence[str]) -> str:
    return next((token.lower() for token in reversed(tokens) if token[:1].isalpha()), "")


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+(?:'[a-z]+)*", re.sub(r'"[^"]*"', " ", text.lower().replace("’", "'")))


@cache
def _table(person: str) -> dict[str, str]:
    return dict(read("persons")[person])


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(read("persons")["verbs"][name].split())
