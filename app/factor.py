"""The second factor: codes of an authenticator app (TOTP, RFC 6238) and recovery codes, each good once."""

import hashlib
import hmac
import secrets
import unicodedata

import pyotp
import segno
import sqlalchemy as sa
import structlog
from pyotp.totp import TOTP
from sqlalchemy.orm import Session

from app.catalog import query
from vault import KeyMissing, Vault, factor_context

STEP_S = 30
STEPS_AROUND = 1
RECOVERY_CODES = 10
# 32 signs that are not mistaken for each other: 16 of them are 80 bits
_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
log = structlog.get_logger()


def begin(session: Session, vault: Vault, account_id: int) -> None:
    """Make a secret that comes into force when a code of it is shown; one in force stays as it is."""
    secret = vault.seal(pyotp.random_base32().encode(), factor_context(account_id))
    session.execute(sa.text(query("factor_begin")), {"account_id": account_id, "secret": secret})
    session.commit()


def begun(session: Session, vault: Vault, account_id: int) -> str | None:
    """The secret that waits to be confirmed, or None."""
    row = session.execute(sa.text(query("factor")), {"account_id": account_id}).one_or_none()
    session.rollback()
    return _opened(vault, account_id, row.secret) if row and row.confirmed_at is None else None


def confirm(
    session: Session, vault: Vault, account_id: int, code: str, now: float
) -> list[str] | None:
    """Put the secret in force by a first code; the recovery codes to show once, or None when it is wrong."""
    secret = begun(session, vault, account_id)
    step = _step_of(secret, code, now) if secret else None
    if step is None:
        return None
    done = session.execute(
        sa.text(query("factor_confirm")), {"account_id": account_id, "step": step}
    ).one_or_none()
    session.commit()
    return recovery_codes_make(session, account_id) if done else None


def check(session: Session, vault: Vault, account_id: int, said: str, now: float) -> bool:
    """Whether this is a code of now or a recovery code; either is taken, and refused from then on."""
    row = session.execute(sa.text(query("factor")), {"account_id": account_id}).one_or_none()
    session.rollback()
    if row is None or row.confirmed_at is None:
        return False
    secret = _opened(vault, account_id, row.secret)
    step = _step_of(secret, said, now) if secret else None
    if step is not None:
        given: dict[str, object] = {"account_id": account_id, "step": step}
        taken = session.execute(sa.text(query("factor_step")), given).one_or_none()
    else:
        given = {"account_id": account_id, "digest": _digest(said)}
        taken = session.execute(sa.text(query("recovery_code_take")), given).one_or_none()
        if taken:
            log.info("recovery_code_used", account=account_id)
    session.commit()
    return taken is not None


def recovery_codes_make(session: Session, account_id: int) -> list[str]:
    """New recovery codes, to be shown once; earlier ones end."""
    codes = ["".join(secrets.choice(_SIGNS) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    session.execute(
        sa.text(query("recovery_codes_make")),
        {"account_id": account_id, "digests": [_digest(code) for code in codes]},
    )
    session.commit()
    return ["-".join(code[place : place + 4] for place in range(0, 16, 4)) for code in codes]


def recovery_codes_left(session: Session, account_id: int) -> int:
    """How many recovery codes have not been used."""
    found = session.scalar(sa.text(query("recovery_codes_left")), {"account_id": account_id})
    session.rollback()
    return int(found or 0)


def end(session: Session, account_id: int) -> None:
    """Take the second factor and its recovery codes away."""
    session.execute(sa.text(query("factor_end")), {"account_id": account_id})
    session.commit()


def picture(secret: str, login_name: str) -> str:
    """The secret as a QR code that an authenticator app reads: an SVG without styles."""
    address = TOTP(secret).provisioning_uri(name=login_name, issuer_name="Daicho")
    return segno.make(address, error="m").svg_inline(scale=5, light="#fff", dark="#000")


def _opened(vault: Vault, account_id: int, sealed: bytes) -> str | None:
    try:
        return vault.open(bytes(sealed), factor_context(account_id)).decode()
    except KeyMissing:
        log.error("second_factor_unreadable", account=account_id)
        return None


def _step_of(secret: str, said: str, now: float) -> int | None:
    """The step of time whose code this is, of those around now."""
    code = "".join(unicodedata.normalize("NFKC", said).split())
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        return None
    made, current = TOTP(secret), int(now // STEP_S)
    for step in range(current + STEPS_AROUND, current - STEPS_AROUND - 1, -1):
        if hmac.compare_digest(made.generate_otp(step), code):
            return step
    return None


def _digest(said: str) -> str:
    """What is kept of a recovery code: 80 bits by chance, nobody guesses them back from it."""
    code = "".join(sign for sign in unicodedata.normalize("NFKC", said).lower() if sign.isalnum())
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
