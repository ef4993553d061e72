"""A theme → a finished song in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from producer.lyricist import abroad, special
from producer.lyricist.associations import find_associates
from producer.lyricist.bank import Theme, read, themes, word_set
from producer.lyricist.critic import Critic
from producer.lyricist.desk import Desk, deal_stories, open_themes
from producer.lyricist.form import is_played, plan_stanzas, render
from producer.lyricist.hook import rank_hooks
from producer.lyricist.judge import Memory, distinct_pairs, is_content
from producer.lyricist.model import Model, find_model
from producer.lyricist.names import without_framing
from producer.lyricist.scan import words_of
from producer.lyricist.shapes import answers_of, echo_of, shaped
from producer.lyricist.sound import describe_sound
from producer.lyricist.stanzas import draw_stanza, shape_of
from producer.lyricist.title import title_of
from producer.lyricist.tone import suits
from producer.lyricist.wish import Wish, read_wish
from producer.score.lyric import SectionKind

_STEP = {
    SectionKind.CHORUS: "chorus",
    SectionKind.BRIDGE: "turn",
    SectionKind.PRE_CHORUS: "lift",
}


#: Cosine from which a theme that no word calls for is taken up: beside called ones, and alone.
NEAR_BESIDE, NEAR_ALONE = 0.45, 0.24
#: Weight of a theme from which the prompt says plainly what it is about: a phrase and a word, say.
_STRONG_CALL = 3.0
LEAST_DISTINCT = 0.9  #: share of a song's word pairs that must be no repetition
MAX_ATTEMPTS = 8  #: how often a song is begun for that
MAX_ATTEMPTS_READ = 2  #: how often of these the model reads along, for time


@dataclass(frozen=True, slots=True)
class Draft:
    """A song in words, ready to be sung."""

    lyrics: str  #: stanzas under ``[Verse 1]``, ``[Chorus]`` … marks
    title: str  #: ≤ 80 characters
    sound: str  #: one line: mood, genre, instruments, tempo
    language: str  #: ISO 639-1
    warnings: tuple[str, ...] = ()


def write_lyrics(
    theme: str,
    *,
    seed: str,
    stanza_plan: Sequence[SectionKind] | None = None,
    model: Model | None = None,
) -> Draft:
    """Write a song about `theme`; never fails, whatever the text.

    Parameters
    ----------
    theme
        What it is about, up to 3,000 characters: story, people, places, mood, style, wished form,
        a quoted hook, words to avoid. Longer texts are cut.
    seed
        The same theme and seed give the same words.
    stanza_plan
        Sections in order; by default the prompt's own wish, else verse and chorus twice, bridge, chorus.
    model
        Reads along: finds themes for words that none lists, names things that go with the prompt, and
        judges what fits. Without it the phrase bank and its rules write alone, in a fraction of a second.
    """
    wish = read_wish(theme)
    abroad_ = abroad.is_written(wish.language)
    critic = Critic(model, wish.text, gist=gist_of(wish)) if model and not abroad_ else None
    near = find_near_themes(wish, critic) if critic else ()
    if near:
        wish = add_near_themes(wish, near)
    plan = plan_stanzas(wish.form, stanza_plan)
    sound = describe_sound(wish, seed=seed)
    if abroad_:
        return Draft(*abroad.write(wish, plan, seed=seed), sound=sound, language=wish.language)
    warnings: tuple[str, ...] = ()
    if wish.language != "en":
        warnings = (f"There are no phrases for the language {wish.language!r} here; the words are English.",)
    desk = open_desk(wish, seed, critic, near)
    if wish.form.haiku or wish.form.style == "limerick":
        stanzas = (special.write_haikus if wish.form.haiku else special.write_limericks)(desk, plan)
        return Draft(render(plan, stanzas), title_of(desk, "", stanzas), sound, "en", warnings)
    desk, hook, stanzas = write_freshly(desk, plan)
    return Draft(render(plan, stanzas), title_of(desk, hook, stanzas), sound, "en", warnings)


def write_with_model(theme: str, *, seed: str, stanza_plan: Sequence[SectionKind] | None = None) -> Draft:
    """Like :func:`write_lyrics`, with the language model where it is on this machine.

    The model is loaded at the first call and stays; where it is missing the log says so once.
    """
    return write_lyrics(theme, seed=seed, stanza_plan=stanza_plan, model=find_model())


def open_desk(
    wish: Wish, seed: str, critic: Critic | None = None, near: Sequence[tuple[float, Theme]] = ()
) -> Desk:
    """A desk with everything the prompt offers laid out, and what the critic adds to it."""
    desk = Desk(wish, seed, slots_of(wish), wanted_of(wish), critic=critic)
    if critic:
        called = {theme.name for theme, _ in wish.themes}
        desk.associates = find_associates(critic, wish)
        desk.wanted = dict.fromkeys(desk.associates, 0.4) | wanted_of(wish)
        desk.beside = tuple(t for cosine, t in near[:2] if cosine >= NEAR_ALONE and t.name not in called)
        desk.dealt = deal_stories(wish, desk.beside, critic)
    return desk


def gist_of(wish: Wish) -> str:
    """A prompt without what it says about the song as such.

    >>> gist_of(read_wish("a sad jazz ballad about a pianist who lost her hearing"))
    'a a pianist who lost her hearing'
    """
    words = without_framing(wish.text).split()
    things = {word for noun in wish.nouns for word in words_of(noun.text)}
    skip = word_set("meta") - things
    kept = [word for word in words if word.strip(".,;:!?\"'").lower() not in skip]
    return " ".join(kept) or wish.text


def find_near_themes(wish: Wish, critic: Critic) -> tuple[tuple[float, Theme], ...]:
    """Themes that a prompt does not call for by a word, nearest in meaning first, with their cosines.

    None where the prompt says plainly what it is about: *my dog who died* is no song of lost things.
    """
    if wish.themes and wish.themes[0][1] >= _STRONG_CALL:
        return ()
    never = frozenset(read("model")["unasked"].split()) | {theme.name for theme, _ in wish.themes}
    certain = frozenset(read("model")["certain"].split())
    others = [
        theme
        for theme in themes().values()
        if not (theme.is_general or theme.is_style or theme.name in never) and suits(theme, wish.valence)
    ]
    near = critic.nearness([f"{theme.name}: {', '.join(theme.keywords[:14])}" for theme in others])
    sure = [
        (cosine, theme)
        for cosine, theme in zip(near, others, strict=True)
        if cosine >= NEAR_BESIDE or theme.name not in certain
    ]
    return tuple(sorted(sure, key=lambda pair: (-pair[0], pair[1].name)))


def add_near_themes(wish: Wish, near: Sequence[tuple[float, Theme]]) -> Wish:
    """A wish with the nearest theme among those it calls for, if it is near enough.

    A prompt that calls for none by a word takes the nearest one more easily.
    """
    cosine, theme = near[0]
    if cosine < (NEAR_BESIDE if wish.themes else NEAR_ALONE):
        return wish
    weight = wish.themes[0][1] * 1.1 if wish.themes else 1.0
    return replace(wish, themes=tuple(sorted((*wish.themes, (theme, weight)), key=lambda pair: -pair[1])))


def write_freshly(desk: Desk, plan: Sequence[SectionKind]) -> tuple[Desk, str, tuple[tuple[str, ...], ...]]:
    """The song of a desk, begun anew with other dice while it repeats itself too much; the best of them."""
    tried: list[tuple[float, Desk, str, tuple[tuple[str, ...], ...]]] = []
    for attempt in range(MAX_ATTEMPTS):
        critic = desk.critic if attempt < MAX_ATTEMPTS_READ else None
        fresh = replace(
            desk,
            critic=critic,
            attempt=attempt,
            slots=dict(desk.slots),
            memory=Memory(),
            used_units=set(),
            told=set(),
        )
        hook, stanzas = write_stanzas(fresh, plan)
        tried.append((distinct_pairs(stanzas), fresh, hook, stanzas))
        if tried[-1][0] >= LEAST_DISTINCT:
            break
        if critic:
            critic.begin_again()
    _, written, hook, stanzas = max(tried, key=lambda row: row[0])
    return written, hook, stanzas


def write_stanzas(desk: Desk, plan: Sequence[SectionKind]) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """The hook, and the lines of every section of a plan; sections that are only played have none."""
    chorus = draw_stanza(desk, "chorus", "chorus", hooks=rank_hooks(desk))
    hook = desk.wish.hook or chorus[0].rstrip(",;")
    written: dict[SectionKind, tuple[str, ...]] = {SectionKind.CHORUS: _settled(desk, chorus)}
    out: list[tuple[str, ...]] = []
    verses: list[tuple[str, ...]] = []
    for kind in plan:
        if kind is SectionKind.VERSE:
            verses.append(_write_verse(desk, len(verses), verses[0] if verses else ()))
            out.append(verses[-1])
        elif is_played(kind):
            out.append(())
        elif kind in _STEP:
            if kind not in written:
                written[kind] = _settled(desk, draw_stanza(desk, _STEP[kind], kind.value))
            out.append(written[kind])
        elif kind is SectionKind.OUTRO:
            out.append((hook, written[SectionKind.CHORUS][-1]))
        elif kind is SectionKind.POST_CHORUS:
            out.append((echo_of(hook), echo_of(hook), hook))
        else:
            out.append((hook, hook))
    return hook, tuple(out)


def _write_verse(desk: Desk, number: int, first: tuple[str, ...]) -> tuple[str, ...]:
    if desk.wish.form.rap_bars:
        return special.write_rap_verse(desk, number)
    stage = f"verse {number + 1}"
    lean = number % 2 if has_two_themes(desk) else 0
    scene, feeling = steps_of_verse(desk, number)
    shape = shape_of(first) if not desk.shape else ()
    lines = draw_stanza(desk, scene, stage, shape=shape[:4], lean=lean)
    if is_long(desk):
        more = draw_stanza(
            desk,
            feeling,
            f"{stage}, later",
            shape=shape[4:],
            lean=lean,
            detail_bonus=0.0 if has_two_themes(desk) else 2.4,
        )
        lines += more if len(more) == len(lines) else ()
    if desk.shape:
        answers = answers_of(desk.wish.form.style)
        answer = desk.dice("answer").choice(answers)
        return shaped(desk.shape, lines, answer=answer, proper=desk.proper)
    return _settled(desk, lines, spare=(scene, number))


def has_two_themes(desk: Desk) -> bool:
    """Whether the prompt calls for two themes or more."""
    topics = [theme for theme, _ in open_themes(desk.wish) if not (theme.is_general or theme.is_style)]
    return len(topics) > 1


def steps_of_verse(desk: Desk, number: int) -> tuple[str, str]:
    """Steps of the two halves of a verse.

    With two themes each verse tells one of them, from its scene to its feeling, so that no verse mixes
    two places; with one theme the first verse is all scene, the second all feeling.
    """
    if has_two_themes(desk) and is_long(desk):
        return "scene", "feeling"
    step = "scene" if number % 2 == 0 else "feeling"
    return step, step


def is_long(desk: Desk) -> bool:
    """Whether verses have eight lines: when the prompt is about more than one stanza can tell."""
    if desk.shape:
        return desk.shape == "long"
    called = len(open_themes(desk.wish)) - 1
    return called > 1 or (called == 1 and len(desk.wish.nouns) > 1)


def _settled(desk: Desk, lines: tuple[str, ...], spare: tuple[str, int] | None = None) -> tuple[str, ...]:
    """Lines as they are, or freed from their rhymes when the prompt wants none."""
    if desk.wish.form.rhyme or len(lines) < 4:
        return lines
    other = draw_stanza(desk, spare[0] if spare else "turn", f"free {spare or 0}")
    return special.without_rhyme(lines, other)


def slots_of(wish: Wish) -> dict[str, str]:
    """What the prompt offers for the places left open in the phrase bank."""
    slots: dict[str, str] = {}
    if wish.names:
        slots["name"] = wish.names[0].split()[0] if len(wish.names[0]) > 14 else wish.names[0]
    if wish.places:
        slots["place"] = wish.places[0]
    if wish.kin:
        slots["kin"] = wish.kin
    slots.update(dict.fromkeys(wish.gender, ""))
    if wish.nouns:
        slots.update(it=wish.nouns[0].definite, plain=wish.nouns[0].plain)
    return slots


def wanted_of(wish: Wish) -> dict[str, float]:
    """Weight of words that the song should hear: the prompt's own most, its themes' images less."""
    wanted: dict[str, float] = {}
    for theme, _ in reversed(open_themes(wish)):
        wanted.update(dict.fromkeys(theme.images, 0.15))
    wanted.update({word: 0.5 for word in wish.words if is_content(word)})
    for noun in wish.nouns:
        wanted.update(dict.fromkeys(words_of(noun.text), 0.8))
    for name in (*wish.names, *wish.places):
        wanted.update(dict.fromkeys(words_of(name), 0.9))
    return wanted
