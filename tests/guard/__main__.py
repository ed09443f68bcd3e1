"""`python -m tests.guard`: how often the guard on typed notes errs, and where."""

from __future__ import annotations

from tests.guard.notes import judged, rate


def main() -> None:
    """Print the rates, and every note that was judged wrongly."""
    for words, name, is_wrong in (
        ("missed", "unfit", False),
        ("missed, of others' notes", "unfit-blind", False),
        ("false alarms", "fit", True),
        ("false alarms, of others' notes", "fit-blind", True),
        ("missed, of notes it never met", "unfit-held", False),
        ("false alarms, of notes it never met", "fit-held", True),
    ):
        notes = judged(name)
        wrong = [note for note in notes if bool(note.said) is is_wrong]
        print(f"{words}: {rate(wrong, notes)}")
        for note in wrong:
            print(f"  {note.kind:9} {note.text}{'  -> ' + note.said if note.said else ''}")


if __name__ == "__main__":
    main()
