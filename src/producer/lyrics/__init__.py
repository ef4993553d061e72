"""WORDS on paper: text with section marks ↔ LyricSheet; pure."""
