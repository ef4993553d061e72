"""The shelf of instruments: a soundfont player, synthesisers, drum machines and effects."""
