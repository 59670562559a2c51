"""What the status in a mail server's words says of an address, by RFC 3463. Pure."""

import re
from typing import Final

STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b", re.ASCII)
_OF_ADDRESS: Final = ("0.0", "1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.0", "2.1", "4.4")
"""Nobody there, no such host. Not a mailbox that is full, a mail that is too large, or a server that
wants none of our mail."""


def status_of(text: str) -> str:
    """The status in a server's words, such as 5.1.1; empty where there is none."""
    found = STATUS.search(text)
    return found.group() if found else ""


def at_fault(text: str) -> bool:
    """Whether an address itself is wrong, by the words of a server; without a status, it is taken to be."""
    found = STATUS.search(text)
    if found is None:
        return True
    return found[1] == "5" and f"{int(found[2])}.{int(found[3])}" in _OF_ADDRESS
