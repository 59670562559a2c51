"""The last run of each check that must find nothing, and running them now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.asking import data, generation, may
from app.catalog import query
from app.desk.home.places import age, named, place
from app.words import help_of, language, t

# As long as a person waits for a page without wondering
WAIT_MAX_MS = 3_000
# Three turns of the schedule
OLD = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: how much it found, when it ran, and the list of what it found."""

    label: str
    help: str
    findings: int
    age: str
    since: str
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Those with findings first; `may_run` says whether the reader can run them now."""

    found: Sequence[Check]
    clean: Sequence[Check]
    age: str
    is_old: bool
    is_running: bool
    may_run: bool


def checks() -> Checks | None:
    """The panel, or None for who may not read the results."""
    if not may("read", "report.check_result"):
        return None
    rows = data().execute(sa.text(query("home_checks"))).all()
    made = [_check(row) for row in rows]
    oldest = min((row.ran_at for row in rows), default=None)
    return Checks(
        found=[check for check in made if check.findings],
        clean=[check for check in made if not check.findings],
        age=age(oldest),
        is_old=oldest is not None and datetime.now(UTC) - oldest > OLD,
        is_running=any(row.is_running for row in rows),
        may_run=may("execute", "staff.checks_run"),
    )


def run() -> str:
    """Run them all, or ask for it where the last run says that it takes long; a sentence about it."""
    rows = data().execute(sa.text(query("home_checks"))).all()
    if any(row.is_running for row in rows):
        return t("検査はもう始まっています。 | The checks are running already.")
    if sum(row.duration_ms for row in rows) > WAIT_MAX_MS and may("execute", "transit.job_ask"):
        data().execute(sa.text(query("home_checks_ask")))
        return t(
            "検査を頼みました。終わると、ここの結果が新しくなります。 | Asked for the checks. Their results stand here when they are done."
        )
    found = data().execute(sa.text(query("home_checks_run"))).all()
    wrong = sum(row.findings > 0 for row in found)
    if wrong:
        return t(
            "{n}個の検査を行い、{wrong}個で見つかりました。 | {n} checks ran; {wrong} found something.",
            n=len(found),
            wrong=wrong,
        )
    return t(
        "{n}個の検査を行い、どれも0件でした。 | {n} checks ran; none found anything.", n=len(found)
    )


def _check(row: Any) -> Check:
    full = f"report.{row.check_name}"
    relation = generation().catalog.relations.get(full)
    return Check(
        label=named(full, row.check_name),
        help=help_of(relation.comment, language()) if relation else "",
        findings=row.findings,
        age=age(row.ran_at),
        since=age(row.changed_at),
        address=place(full),
    )
