"""By what a mail and its reader are known again without being named: keyed digests that nobody outside can make."""

from __future__ import annotations

from typing import Final

from sync.drafts import normal_mail
from vault import Vault

BOUNCE_LENGTH: Final = 12


def address_key(vault: Vault, address: str) -> str:
    """How an address is known without being kept; the same as of a buyer's identity."""
    return str(vault.digest("identity.email", normal_mail(address) or address))


def bounce_mark(vault: Vault, message_no: str) -> str:
    """What stands behind a mail's number in the address that its bounce comes back to."""
    return vault.digest("mail.bounce", message_no).hex[:BOUNCE_LENGTH]


def unsubscribe_mark(vault: Vault, mail_id: int) -> str:
    """What stands behind a mail's number in its unsubscribe address."""
    return vault.digest("mail.unsubscribe", str(mail_id)).hex
