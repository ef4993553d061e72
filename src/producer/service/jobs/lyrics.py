"""``make_lyrics``: a theme becomes words."""

from producer.service.jobs import Report, Tools, Work
from producer.service.settle import Outcome


def perform(work: Work, tools: Tools, report: Report) -> Outcome:
    """Have the words written."""
    report("writing", 0.1)
    draft = tools.write_lyrics(work.request["prompt"], seed=work.request["seed"])
    report("writing", 1.0)
    fields = {
        "lyrics": draft.lyrics,
        "title": draft.title,
        "sound": draft.sound,
        "language": draft.language,
        "warnings": list(draft.warnings),
    }
    return Outcome(fields=fields)
