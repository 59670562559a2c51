"""The counts of the sidebar and of pinned searches, for each role and scope that somebody has."""

from __future__ import annotations

from typing import Final

import structlog

import sql
from sync.asking import NobodyAsks, as_person
from sync.shops import Context

SCOPES_MAX: Final = 100
"""Scopes in one run; those counted longest ago come first, so that all have their turn."""

COUNT_MS: Final = 20_000
"""What one scope may take; a search that does not come to its end is said to be too slow."""

log = structlog.get_logger("sync.counting")


def keep_counts(context: Context) -> int:
    """Count for every scope, as somebody who has it, and keep the counts; how many scopes."""
    connection = context.connection
    counted = 0
    for scope in sql.call(connection, "access.count_scopes", SCOPES_MAX):
        try:
            with as_person(
                connection,
                scope.account_id,
                statement_timeout_ms=COUNT_MS,
            ):
                found = sql.call(connection, "access.counts_now", sql.Json(scope.searches))
        except NobodyAsks as error:
            log.info("scope_left", error=type(error).__name__)
            continue
        rows = [
            {
                **row._asdict(),
                "oldest_at": row.oldest_at and row.oldest_at.isoformat(),
            }
            for row in found
        ]
        sql.call(connection, "staff.counts_keep", scope.scope_key, sql.Json(rows))
        counted += 1
    return counted
