"""A mark of what a form showed, so that a save notices what others changed meanwhile."""

import hashlib
from collections.abc import Sequence
from typing import Any

from app.fab import values


def seen_mark(item: Any, columns: Sequence[str]) -> str:
    """A digest of the row's values in these columns, and of its version where it has one."""
    names = [*columns, *(("version",) if hasattr(item, "version") else ())]
    said = [f"{name}={values.to_json(getattr(item, name))!r}" for name in names]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:24]
