"""Everything that can go wrong, drawn once.

::

    ProducerError                   root of all our errors: catch this one to catch them all
    ├── InvalidInputError           the caller's words are off: names the field and what is allowed
    ├── AssetError                  something that must lie on disk is missing or damaged
    ├── SettingsError               an environment variable is off
    ├── EngineError                 a song could not be made
    │   └── CancelledError          its maker was told to stop
    └── MediaError                  a file could not be read or written

The service adds its own leaves in :mod:`producer.service.errors`.
"""


class ProducerError(Exception):
    """Something went wrong in Producer; the message says what and what to do about it."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").partition("\n")[0])


class InvalidInputError(ProducerError):
    """A field has a value that is not allowed.

    Parameters
    ----------
    message
        Full sentence naming the field and the remedy.
    field
        Name of the offending field, as the caller spelled it.
    """

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class AssetError(ProducerError):
    """A soundfont, voice or model is missing or damaged; run `make install` to fetch it."""


class SettingsError(ProducerError):
    """A setting in the environment can't be used; correct it and start again."""


class EngineError(ProducerError):
    """The song could not be made; try again or with another prompt."""


class CancelledError(EngineError):
    """The task was cancelled."""


class MediaError(ProducerError):
    """The media file could not be read or written."""
