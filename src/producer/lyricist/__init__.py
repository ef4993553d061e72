"""A theme → words: sings of what a prompt is about, with a story, a hook and rhymes."""

from producer.lyricist.language import asked_language
from producer.lyricist.title import invent_title, pick_title
from producer.lyricist.writer import Draft, write_lyrics, write_with_model

__all__ = ["Draft", "asked_language", "invent_title", "pick_title", "write_lyrics", "write_with_model"]
