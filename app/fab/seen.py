"""A mark of what a form showed, so that a save notices what others changed meanwhile."""

import hashlib
from collections.abc import Sequence
from typing import Any

from app.fab import values


def seen_mark(item: Any, columns: Sequence[str]) -> str:
    """A digest of the row's values in these columns, and of its version where it has one.

    An own column without a value counts for nothing: adding or removing it changes no row.
    """
    names = [*columns, *(("version",) if hasattr(item, "version") else ())]
    held = {name: getattr(item, name) for name in names}
    said = [
        f"{name}={values.to_json(value)!r}"
        for name, value in held.items()
        if value is not None or not name.startswith("x_")
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:24]
