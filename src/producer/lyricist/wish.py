"""What a prompt asks for: its language, people, places, things, hook, form and forbidden words."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from producer.lyricist import form
from producer.lyricist.bank import Theme, themes, word_set
from producer.lyricist.form import FormWish
from producer.lyricist.genres import find_genres, without_style
from producer.lyricist.hero import Hero, find_hero, with_couple
from producer.lyricist.inflection import are_forms, bases
from producer.lyricist.language import (
    detect_language,
    find_mood,
    has_bank,
    is_written_in_english,
    theme_of_mood,
)
from producer.lyricist.names import (
    as_role,
    find_gender,
    find_kin,
    find_names,
    find_pronoun,
    find_speaker,
    with_proper,
    without_framing,
)
from producer.lyricist.nouns import Noun, find_nouns
from producer.lyricist.tone import read_tone, suit_themes

MAX_PROMPT_CHARS = 3000
_QUOTED = re.compile(r"[\"“”„«»]\s*([^\"“”„«»\n]{2,80}?)\s*[\"“”„«»]")
_FORBID = re.compile(
    r"(?:without (?:(?:using|saying|mentioning|any mention of) (?:the words? |the phrase )?"
    r"|the words? |(?=[\"“'‘]))"
    r"|(?:(?:do|must|should|may|can|shall)(?: not|n'?t)|cannot|never|not to) "
    r"(?:use|say|mention|include|contain) "
    r"|avoid (?:using |saying |mentioning |the )?|no mention of |not (?:using|mentioning) |leave out )"
    r"(?:the )?(?:words? |phrase |any mention of )?[\"“'‘]?([a-z][a-z' -]*?)[\"”'’]?"
    r"(?=[.,;:!?\n)]|$| in | at | but | and make| with )",
    re.IGNORECASE,
)
#: *call it 'Paper Boats'*: a title in marks of any kind.
_TITLED = re.compile(
    r"\b(?:call(?:ed)? (?:it|this|the song)|(?:en)?titled?(?: is| should be|:)?|song called|song named)\s*"
    r"['\"“]([^'\"”\n]{2,60})['\"”]",
    re.IGNORECASE,
)
#: Parts of a song that a prompt wishes: no bridge leads over a river there.
_PARTS = (
    r"\b(?:no|without(?: a| any)?|with a|and a|an?|one|two|three|\d) (?:short |long )?"
    r"(?:bridge|chorus|verse|outro|intro|pre-?chorus)(?:s|es)?\b(?! (?:over|across|in|on|at|near|by|of))"
)
_URL = re.compile(r"(?:https?://|www\.)\S+|<[^>]{0,200}>|[{}\[\]`|\\]")


#: Words that stand between the parts of a phrase without changing it.
_RELATIVE = frozenset({"who", "that", "which", "has", "have", "had", "just", "finally"})

#: Themes whose words turn up in prompts about something else: they give way to more special ones.
_COMMON = frozenset({"love", "friendship", "time", "dreams", "city", "rain", "nature"})

#: Themes that a story turns on, wherever it takes place.
_TELLING = frozenset(
    {"grief", "heartbreak", "missing", "mother", "father", "grandparents", "child", "lullaby"}
    | {"hope", "protest", "war", "birthday", "kids", "christmas"}
)


@dataclass(frozen=True, slots=True)
class Wish:
    """The reading of a prompt."""

    text: str  #: the prompt, cleaned
    words: tuple[str, ...]
    language: str
    hook: str | None  #: a quoted phrase
    names: tuple[str, ...]
    places: tuple[str, ...]
    nouns: tuple[Noun, ...]  #: most important first
    kin: str | None  #: how the person addressed would be called: ``Mama``
    gender: str  #: ``f``, ``m`` or ``fm``: of the relative it is about, where that is known
    pronoun: str  #: ``he``, ``she`` or "": of the one it tells about
    speaks: bool  #: whether the first noun is who sings: *from the point of view of the ocean*
    hero: Hero | None  #: the one it tells of, where somebody else sings than he
    forbidden: frozenset[str]
    themes: tuple[tuple[Theme, float], ...]  #: with their weight, heaviest first
    form: FormWish
    valence: float  #: −1 sad … 1 happy, see `producer.lyricist.tone`


def read_wish(prompt: str) -> Wish:
    """Read a prompt of any content; nothing in it is ever obeyed beyond the wishes known here."""
    text = clean_prompt(prompt)
    hook = _find_hook(text)
    open_text, forbidden = _find_forbidden(text)
    if hook:
        open_text = re.sub(rf"[\"'“]?{re.escape(hook)}[\"'”]?", " ", open_text, flags=re.IGNORECASE)
    open_words = _words(open_text)
    names, places = find_names(open_text, hook)
    language = detect_language(text)
    topic_text = re.sub(_PARTS, " ", without_style(open_text), flags=re.IGNORECASE)
    weighed = weigh_themes(_words(topic_text) + _words(hook or ""), genres=tuple(find_genres(open_text)))
    if has_bank(language) and not is_written_in_english(text):
        weighed = ((themes()[theme_of_mood(find_mood(open_words, language))], 1.0),)
    valence = read_tone(open_text).with_theme(weighed[0][0].valence if weighed else 0.2)
    speaker = find_speaker(open_text, forbidden)
    told = find_nouns(without_framing(topic_text), names=(*names, *places), forbidden=forbidden)
    nouns = with_couple(with_proper(told, names, places), open_text)
    framed = without_framing(topic_text)
    hero = find_hero(framed, _words(framed), nouns) if not speaker else None
    if hero:
        nouns = hero.among(nouns)
    elif told and weighed:  # a theme's stanzas are sung by whom it is about
        nouns = tuple(as_role(noun, open_text) if noun == told[0] else noun for noun in nouns)
    if speaker:
        nouns = (speaker, *(noun for noun in nouns if noun.head != speaker.head))
    return Wish(
        text=text,
        words=_words(text, digits=True),
        language=language,
        hook=hook,
        names=names,
        places=places,
        nouns=nouns,
        kin=find_kin(open_words),
        gender=find_gender(open_words),
        pronoun=find_pronoun(open_words, nouns),
        speaks=speaker is not None,
        hero=hero,
        forbidden=forbidden,
        themes=suit_themes(weighed, valence),
        form=form.read_form(text),
        valence=valence,
    )


def _words(text: str, *, digits: bool = False) -> tuple[str, ...]:
    pattern = r"[^\W\d_]+(?:'[^\W\d_]+)*" + (r"|\d+" if digits else "")
    return tuple(re.findall(pattern, text.lower().replace("’", "'")))


def clean_prompt(prompt: str) -> str:
    """Letters, digits and punctuation of a prompt; links, markup, pictures and control characters go.

    >>> clean_prompt("A 🌊 song\\x00 about <b>rain</b>")
    'A song about rain'
    """
    text = unicodedata.normalize("NFC", prompt[:MAX_PROMPT_CHARS].replace("’", "'").replace("‘", "'"))
    text = _URL.sub(" ", text)
    text = "".join(c if c == "\n" or unicodedata.category(c)[0] in "LNPZM" else " " for c in text)
    return re.sub(r"[^\S\n]+", " ", re.sub(r"\s*\n\s*", "\n", text)).strip()


def weigh_themes(words: tuple[str, ...], genres: tuple[str, ...] = ()) -> tuple[tuple[Theme, float], ...]:
    """Themes that a prompt calls for, heaviest first; earlier words weigh more.

    Themes of a style are called by the genres that the prompt names, not by its words.
    """
    found: list[tuple[Theme, float]] = []
    for theme in themes().values():
        weight = _style_call(theme, genres) if theme.is_style else _call(theme, words)
        if weight:
            found.append((theme, weight * _share(theme.name) * theme.weight))
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0].name)))


def _style_call(theme: Theme, genres: tuple[str, ...]) -> float:
    """How many of a style's names a prompt says; *ballad* says less, for there are jazz ballads, too."""
    return sum(0.5 if genre == "ballad" else 1.0 for genre in {*genres} & {*theme.keywords})


def _call(theme: Theme, words: tuple[str, ...]) -> float:
    """How strongly words call for a theme: phrases twice as much, the first words half as much again."""
    joined = f" {' '.join(words)} "
    if any(f" {word} " in joined for word in theme.unless):
        return 0.0
    told = f" {' '.join(word for word in words if word not in _RELATIVE)} "  # *my dog who died*
    weight = sum(
        2.0
        for keyword in theme.keywords
        if " " in keyword and (f" {keyword} " in joined or f" {keyword} " in told)
    )
    for key in _headwords(theme.name):
        places = sorted({at for base in bases(key) for at in _places(words).get(base, ())})
        weight += 1.0 + 0.5 / (1 + places[0]) + 0.2 * (len(places) > 1) if places else 0.0
    return weight


@lru_cache(maxsize=4)
def _places(words: tuple[str, ...]) -> Mapping[str, tuple[int, ...]]:
    """Where each word, or one that it may be a form of, stands in a prompt."""
    found: dict[str, tuple[int, ...]] = {}
    for at, word in enumerate(words):
        for base in bases(word):
            found[base] = (*found.get(base, ()), at)
    return found


@cache
def _headwords(name: str) -> tuple[str, ...]:
    """A theme's single keywords, of those that are forms of each other the first."""
    kept: list[str] = []
    for keyword in themes()[name].keywords:
        if " " not in keyword and not any(are_forms(keyword, other) for other in kept):
            kept.append(keyword)
    return tuple(kept)


def _share(name: str) -> float:
    """How much a theme's call counts beside those of others."""
    if name == "grief":
        return 2.2
    return 0.6 if name in _COMMON else 1.5 if name in _TELLING else 1.0


def _find_hook(text: str) -> str | None:
    titled = _TITLED.search(text)
    if titled:
        return titled[1][:1].upper() + titled[1][1:].strip(" .,;:-")
    for match in _QUOTED.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()].lower()
        if not re.search(
            r"(without|avoid|word|words|use|say|mention|like|by|called|named)[\s:]*$", before
        ) or re.search(r"(chorus|hook|title|song|line|phrase)\b.{0,12}$", before):
            phrase = match[1].strip(" .,;:-")
            if phrase and any(c.isalpha() for c in phrase):
                return phrase[:1].upper() + phrase[1:]
    return None


def _find_forbidden(text: str) -> tuple[str, frozenset[str]]:
    """The prompt without its prohibitions, and the words they name."""
    found: set[str] = set()
    for match in _FORBID.finditer(text):
        parts = re.split(r"\s*(?:,|\bor\b|\band\b)\s*", match[1].lower())
        found.update(word for part in parts for word in part.split() if word not in word_set("function"))
    return _FORBID.sub(" ", text), frozenset(found)
