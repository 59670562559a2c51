"""What happened, said on the next page: done, with an offer to undo it, or refused."""

from flask import flash, get_flashed_messages


def done(sentence: str, undo: int | None = None, *, undo_at: str = "") -> None:
    """Say that something was done; `undo` is the number of the change that can be taken back.

    `undo_at` is the address of ours that takes it back, where it is no change of rows.
    """
    flash({"said": sentence, "undo": undo, "undo_at": undo_at}, "done")  # pyright: ignore[reportArgumentType]  # kept as JSON


def stop(sentence: str) -> None:
    """Say that something was refused, and what to do."""
    flash({"said": sentence, "undo": None}, "stop")  # pyright: ignore[reportArgumentType]  # kept as JSON


def messages() -> list[tuple[str, dict[str, object]]]:
    """What waits to be said, once: (category, {said, undo}); the library's own are texts."""
    found = []
    for category, message in get_flashed_messages(with_categories=True):
        kind = "stop" if category in ("stop", "danger", "warning", "error") else "done"
        said = message if isinstance(message, dict) else {"said": message, "undo": None}
        found.append((kind, said))
    return found
