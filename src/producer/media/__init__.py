"""Files: encoded audio, covers, videos, captions, MIDI."""

__all__ = ["warm"]


def warm() -> None:
    """Compile the drawing kernels once, at set-up; later processes read them from disk."""
    from producer.media.video import warm as warm_video  # captions and MIDI need no encoder

    warm_video()
