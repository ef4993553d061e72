"""The singer: words on notes → a voice.

A voice model speaks each line; the speech is taken apart, moved onto the notes and put together
again as singing. docs/singing.md tells how and how well.
"""

from producer.studio.singer.performance import sing
from producer.studio.singer.warming import warm

__all__ = ["sing", "warm"]
