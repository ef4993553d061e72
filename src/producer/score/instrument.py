"""The instruments on the shelf: names that composition writes and the studio plays."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument's name, family and sounding range (MIDI, inclusive)."""

    name: str
    family: str
    low: int
    high: int


def _shelf(family: str, *rows: tuple[str, int, int]) -> dict[str, Instrument]:
    return {name: Instrument(name, family, low, high) for name, low, high in rows}


INSTRUMENTS: dict[str, Instrument] = {
    **_shelf(
        "keys", ("grand_piano", 21, 108), ("bright_piano", 21, 108), ("felt_piano", 21, 108),
        ("honky_tonk_piano", 28, 103), ("electric_piano", 28, 100), ("dx_piano", 28, 103),
        ("clavinet", 36, 96), ("harpsichord", 29, 89), ("drawbar_organ", 36, 96),
        ("rock_organ", 36, 96), ("church_organ", 24, 108), ("reed_organ", 41, 96),
        ("accordion", 41, 96), ("bandoneon", 41, 91),
        ("celesta", 60, 108), ("music_box", 60, 96), ("glockenspiel", 72, 108),
        ("vibraphone", 53, 89), ("marimba", 45, 96), ("xylophone", 65, 108), ("tubular_bells", 60, 77),
        ("kalimba", 48, 86), ("steel_drums", 52, 86),
    ),
    **_shelf(
        "guitar", ("nylon_guitar", 40, 84), ("steel_guitar", 40, 84), ("clean_guitar", 40, 86),
        ("jazz_guitar", 40, 86), ("muted_guitar", 40, 84), ("overdrive_guitar", 38, 86),
        ("distortion_guitar", 38, 86), ("banjo", 48, 86), ("mandolin", 55, 88), ("ukulele", 60, 84),
        ("pedal_steel_guitar", 45, 88), ("harp", 24, 103), ("sitar", 48, 77), ("koto", 55, 84),
        ("oud", 40, 76), ("twelve_string_guitar", 40, 84), ("dulcimer", 50, 88), ("shamisen", 50, 84),
    ),
    **_shelf(
        "bass", ("upright_bass", 28, 60), ("finger_bass", 28, 62), ("pick_bass", 28, 62),
        ("fretless_bass", 28, 62), ("slap_bass", 28, 62), ("synth_bass", 24, 60), ("sub_bass", 24, 52),
        ("reese_bass", 24, 55), ("acid_bass", 24, 60), ("bass_808", 24, 55), ("fm_bass", 24, 60),
    ),
    **_shelf(
        "strings", ("violin", 55, 100), ("viola", 48, 88), ("cello", 36, 76), ("contrabass", 28, 60),
        ("string_ensemble", 36, 96), ("slow_strings", 36, 96), ("tremolo_strings", 36, 96),
        ("pizzicato_strings", 36, 96), ("fiddle", 55, 98), ("synth_strings", 36, 96),
    ),
    **_shelf(
        "voices", ("choir_aahs", 43, 84), ("voice_oohs", 43, 84), ("synth_choir", 43, 84),
    ),
    **_shelf(
        "brass", ("trumpet", 55, 86), ("muted_trumpet", 55, 86), ("trombone", 40, 74), ("tuba", 28, 58),
        ("french_horn", 36, 77), ("brass_section", 36, 88), ("synth_brass", 36, 88),
    ),
    **_shelf(
        "woodwind", ("soprano_sax", 56, 88), ("alto_sax", 49, 81), ("tenor_sax", 44, 76),
        ("baritone_sax", 37, 69), ("oboe", 58, 91), ("english_horn", 52, 81), ("bassoon", 34, 72),
        ("clarinet", 50, 91), ("flute", 60, 96), ("piccolo", 74, 103), ("recorder", 60, 91),
        ("pan_flute", 60, 96), ("whistle", 60, 96), ("bagpipe", 58, 84), ("shakuhachi", 55, 84),
        ("harmonica", 60, 88), ("shenai", 60, 84), ("ocarina", 60, 91),
    ),
    **_shelf(
        "synth", ("supersaw", 36, 100), ("saw_lead", 36, 100), ("square_lead", 36, 100),
        ("sine_lead", 48, 100), ("pluck", 36, 100), ("fm_bell", 48, 103), ("fm_keys", 36, 100),
        ("warm_pad", 33, 96), ("glass_pad", 36, 100), ("dark_pad", 24, 84), ("sweep_pad", 33, 96),
        ("choir_pad", 40, 88), ("arp_synth", 36, 100), ("stab", 36, 90), ("chip_pulse", 36, 103),
        ("chip_triangle", 24, 84), ("wobble_bass", 24, 55), ("drone", 24, 72),
    ),
    **_shelf(
        "drums", ("kit_standard", 27, 87), ("kit_room", 27, 87), ("kit_power", 27, 87),
        ("kit_jazz", 27, 87), ("kit_brush", 27, 87), ("kit_electronic", 27, 87), ("kit_808", 27, 87),
        ("kit_909", 27, 87), ("kit_lofi", 27, 87), ("kit_chip", 27, 87), ("kit_orchestra", 27, 87),
        ("timpani", 36, 60), ("taiko", 36, 60),
    ),
    **_shelf(
        "effects", ("riser", 48, 72), ("downlifter", 48, 72), ("impact", 24, 60), ("noise_sweep", 48, 72),
        ("vinyl_crackle", 60, 60), ("rain", 60, 60), ("reverse_cymbal", 60, 60),
    ),
}  # fmt: skip


class Drum:
    """General MIDI percussion keys (GM1 sound set), for notes of drum and percussion parts."""

    KICK = 36
    KICK_2 = 35
    RIM = 37
    SNARE = 38
    CLAP = 39
    SNARE_2 = 40
    TOM_FLOOR = 41
    HAT_CLOSED = 42
    TOM_FLOOR_HIGH = 43
    HAT_PEDAL = 44
    TOM_LOW = 45
    HAT_OPEN = 46
    TOM_MID = 47
    TOM_MID_HIGH = 48
    CRASH = 49
    TOM_HIGH = 50
    RIDE = 51
    CHINA = 52
    RIDE_BELL = 53
    TAMBOURINE = 54
    SPLASH = 55
    COWBELL = 56
    CRASH_2 = 57
    RIDE_2 = 59
    BONGO_HIGH = 60
    BONGO_LOW = 61
    CONGA_MUTE = 62
    CONGA_OPEN = 63
    CONGA_LOW = 64
    TIMBALE_HIGH = 65
    TIMBALE_LOW = 66
    AGOGO_HIGH = 67
    AGOGO_LOW = 68
    CABASA = 69
    MARACAS = 70
    GUIRO_SHORT = 73
    GUIRO_LONG = 74
    CLAVES = 75
    WOODBLOCK_HIGH = 76
    WOODBLOCK_LOW = 77
    TRIANGLE_MUTE = 80
    TRIANGLE = 81
    SHAKER = 82
