"""Files: encoded audio, covers, videos, captions, MIDI."""
