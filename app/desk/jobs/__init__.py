"""Jobs: the one place where long work shows how far it is, and where its results are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import (
    abort,
    current_app,
    jsonify,
    redirect,
    request,
    send_file,
    url_for,
)
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may, reader, sessions_of, zone
from app.catalog import query
from app.desk.chosen import wants_json
from app.errors import refusal, side_of
from app.messages import done, stop
from app.words import t

LIST_MAX = 100
TOLD_MAX = 20
STATES = {
    "waiting": ("順番待ち | Waiting", "st-wait"),
    "running": ("実行中 | Running", "st-go"),
    "stopping": ("止めています | Stopping", "st-wait"),
    "done": ("できました | Done", "st-ok"),
    "failed": ("失敗 | Failed", "st-stop"),
    "cancelled": ("取消 | Cancelled", "st"),
}
TYPES = {
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".zip": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What an answer counts, as a sentence
SAID = {
    "rows": "{n}行 | {n} rows",
    "documents": "{n}件 | {n} documents",
    "changed": "変えた: {n} | changed: {n}",
    "same": "もとから同じ: {n} | the same already: {n}",
    "acted": "した: {n} | done: {n}",
    "undone": "戻した: {n} | put back: {n}",
    "held_back": "作らなかった: {n} | left out: {n}",
    "left": "残した: {n} | left: {n}",
    "refused": "断られた: {n} | refused: {n}",
    "losses": "書けなかった文字: {n} | characters that could not be written: {n}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job as a page shows it."""

    number: int
    label: str
    who: str
    asked_at: str
    state: str
    state_label: str
    state_class: str
    step: str
    done: int
    of_all: int
    said: str
    reasons: Sequence[tuple[str, str]]
    error: str
    file: str
    link: str
    undo: int | None
    may_cancel: bool
    may_retry: bool


class Jobs(BaseView):
    """Everybody's own jobs; owners and managers see all."""

    route_base = "/jobs"
    default_view = "index"

    @expose("/", methods=["GET"])
    def index(self) -> Any:
        _allow()
        return self._page(_jobs())

    @expose("/<int:number>", methods=["GET"])
    def show(self, number: int) -> Any:
        _allow()
        found = _jobs(number=_number(number))
        if not found:
            abort(404)
        return self._page(found, number)

    @expose("/<int:number>/cancel", methods=["POST"])
    def cancel(self, number: int) -> Any:
        _allow()
        return _wished(
            "job_cancel",
            number,
            t("取り消しを頼みました。済んだ分は残ります。 | Asked to stop. What was done stays."),
        )

    @expose("/<int:number>/retry", methods=["POST"])
    def retry(self, number: int) -> Any:
        _allow()
        return _wished("job_retry", number, t("もう一度始めました。 | Started again."))

    @expose("/<int:number>/file", methods=["GET"])
    def file(self, number: int) -> Any:
        """The result; only whoever asked for it may fetch it."""
        who = _allow()
        row = next(iter(_rows(number=_number(number))), None)
        if row is None or row.requested_by != who.account_id or row.stored_as is None:
            abort(404)
        path = Path(current_app.config["EXPORTS"]) / row.stored_as
        if not path.is_file():
            abort(
                410,
                description=t(
                    "ファイルは消されています。もう一度書き出してください。 | The file is gone. Export it again."
                ),
            )
        return send_file(
            path,
            mimetype=TYPES.get(Path(row.file_name).suffix, "application/octet-stream"),
            as_attachment=True,
            download_name=row.file_name,
        )

    def _page(self, jobs: Sequence[Job], number: int = 0) -> str:
        return self.render_template(
            "daicho/jobs.html", title=t("ジョブ | Jobs"), jobs=jobs, number=number
        )


def _wished(name: str, number: int, sentence: str) -> Any:
    session = data()
    try:
        session.execute(sa.text(query(name)), {"number": _number(number)})
        session.commit()
    except DBAPIError as error:
        session.rollback()
        why = refusal(error, generation().catalog)
        if wants_json():
            return jsonify(message=why.sentence), why.status
        stop(why.sentence)
    else:
        if wants_json():
            return jsonify(message=sentence)
        done(sentence)
    return redirect(url_for("Jobs.index"))


def jobs_told() -> Any:
    """`/jobs.json`: how many of one's own jobs run, and what became of those that ended since a moment."""
    _allow()
    now = datetime.now(UTC)
    jobs = _jobs(own=True, since=_since(now), most=TOLD_MAX)
    return jsonify(
        at=now.isoformat(),
        running=sum(job.state in ("waiting", "running", "stopping") for job in jobs),
        jobs=[_told(job) for job in jobs],
    )


def _told(job: Job) -> dict[str, Any]:
    return {
        "number": job.number,
        "label": job.label,
        "state": job.state,
        "state_label": job.state_label,
        "step": job.step,
        "done": job.done,
        "of_all": job.of_all,
        "said": job.error or job.said,
        "file": job.file,
        "link": url_for("Jobs.show", number=job.number),
    }


def _since(now: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(request.args.get("since", ""))
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        return now


def _rows(
    *, number: int = 0, own: bool = False, since: datetime | None = None, most: int = LIST_MAX
) -> Sequence[Any]:
    values = {
        "number": number,
        "own": own,
        "since": since,
        "most": most,
    }
    name = "jobs" if may("read", "transit.file_import") else "jobs_without_imports"
    return data().execute(sa.text(query(name)), values).all()


def _jobs(**wanted: Any) -> list[Job]:
    rows = _rows(**wanted)
    names = _names({row.requested_by for row in rows if row.requested_by is not None})
    who = reader()
    return [_job(row, names, who.account_id if who else 0) for row in rows]


def mine(most: int) -> list[Job]:
    """The reader's own newest jobs."""
    who = _allow()
    names = {who.account_id: side_of(who.display_name)}
    return [_job(row, names, who.account_id) for row in _rows(own=True, most=most)]


def _job(row: Any, names: Mapping[int, str], account_id: int) -> Job:
    label, kind = STATES[row.state]
    own = row.requested_by == account_id
    answer: Mapping[str, Any] = row.answer or {}
    change = answer.get("change_no")
    return Job(
        number=row.job_request_id,
        label=side_of(row.label),
        who=names.get(row.requested_by, ""),
        asked_at=f"{row.requested_at.astimezone(zone()):%Y-%m-%d %H:%M}",
        state=row.state,
        state_label=t(label),
        state_class=kind,
        step=side_of(row.step or ""),
        done=row.done,
        of_all=row.of_all,
        said=" · ".join(
            t(text, n=f"{answer[name]:,}") for name, text in SAID.items() if answer.get(name)
        ),
        reasons=[
            (str(one.get("row", "")), side_of(str(one.get("reason", ""))))
            for one in answer.get("reasons") or ()
        ],
        error=side_of(row.error) if row.error and row.state == "failed" else "",
        file=url_for("Jobs.file", number=row.job_request_id) if own and row.stored_as else "",
        link=url_for("Imports.show", number=row.file_import_id) if row.file_import_id else "",
        undo=change if own and isinstance(change, int) and answer.get("undoable") else None,
        may_cancel=row.state in ("waiting", "running"),
        may_retry=bool(row.may_retry),
    )


def _names(ids: set[int]) -> dict[int, str]:
    """Who asked: names come from the web login, as not everybody may read accounts."""
    if not ids:
        return {}
    rows = sessions_of().plain().execute(sa.text(query("account_names")), {"ids": sorted(ids)})
    return {row.account_id: side_of(row.display_name) for row in rows}


def _allow() -> Any:
    who = reader()
    if who is None:
        abort(401)
    return who


def _number(number: int) -> int:
    """A number of a job; one that no job can have finds nothing."""
    return number if 0 < number < 2**63 else -1
