"""Long work that people ask for: it is theirs, says how far it is, can be cancelled and tried again."""

import psycopg
import pytest

import sql
from sql.errors import NotAllowed, NotThere, WrongState
from sync import jobs, requests, work
from sync.shops import Context
from sync.work import Cancelled, LeaseLost, Running
from tests.sync.people import an_account, as_staff, asked, request

EXPORT = {"relation": "catalog.sku", "format": "csv", "file_name": "x", "zone": "Asia/Tokyo"}


def seen_by(house, account_id):
    with as_staff(house, account_id) as web:
        return {
            row[0]
            for row in web.execute("select job_request_id from transit.job_request").fetchall()
        }


def test_a_person_sees_and_cancels_their_own_jobs_and_no_others(house):
    desk, other = an_account(house.admin, "order_desk"), an_account(house.admin, "warehouse")
    owner, small = (
        an_account(house.admin, "owner"),
        an_account(house.admin, "manager", sees_all=False),
    )
    number = asked(house, desk, "export_rows", **EXPORT)
    assert seen_by(house, desk) == {number}
    assert seen_by(house, other) == seen_by(house, small) == set()
    assert number in seen_by(house, owner)
    for nobody in (other, small):
        with as_staff(house, nobody) as web, pytest.raises(NotThere):
            sql.call(web, "transit.work_cancel", number)
    with as_staff(house, owner) as web:
        assert sql.value(web, "transit.work_cancel", number) is True
    assert request(house, number).cancelled_at


def test_a_token_of_a_lesser_role_sees_what_was_asked_with_it(house):
    owner = an_account(house.admin, "owner")
    full = asked(house, owner, "export_rows", **EXPORT)
    with sql.connect(house.settings.web_database_url, account_id=owner) as web:
        web.execute("set role daicho_analyst")
        number = sql.value(web, "transit.work_ask", "export_rows", "仕事 | Job", sql.Json(EXPORT))
        rows = web.execute("select job_request_id from transit.job_request").fetchall()
        assert [row[0] for row in rows] == [number]
        with pytest.raises(NotThere):
            sql.call(web, "transit.work_cancel", full)
    assert request(house, number).asked_as == "analyst"
    (running,) = requests.claim(house.context, number)
    assert running.asked_as == "analyst"


def test_only_work_that_runs_with_one_s_own_rights_can_be_asked_for(house):
    desk = an_account(house.admin, "warehouse")
    for job in ("rewrap_keys", "pull_orders", "keep_retention", ""):
        with pytest.raises(NotAllowed):
            asked(house, desk, job)
    for _ in range(20):
        asked(house, desk, "export_rows")
    with pytest.raises(WrongState):
        asked(house, desk, "export_rows")
    with as_staff(house, desk) as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("select arguments from transit.job_request")


def stepwise(monkeypatch, steps):
    """Let the job `export_rows` be these steps; each is called with what a job knows."""

    def act(context: Context, running: Running):
        for place, step in enumerate(steps, start=1):
            step(context, running)
            work.tell(context, running, step="歩み | Step", done=place, of_all=len(steps))
        return {"rows": len(steps)}

    monkeypatch.setattr(requests, "JOBS", {**requests.JOBS, "export_rows": act})


def nothing(_context, _running):
    pass


def test_progress_is_seen_while_it_runs(house, monkeypatch):
    number = asked(house, an_account(house.admin, "owner"), "export_rows")
    seen = []
    stepwise(
        monkeypatch,
        [nothing, lambda *_: seen.append(request(house, number)), nothing],
    )
    jobs.run_request(number)
    (row,) = seen
    assert (row.done, row.of_all, row.step) == (1, 3, "歩み | Step")
    assert row.started_at
    ended = request(house, number)
    assert ended.done_at
    assert ended.answer == {"rows": 3}


def test_a_running_job_stops_at_its_next_step_and_can_be_tried_again(house, monkeypatch):
    owner = an_account(house.admin, "owner")
    number = asked(house, owner, "export_rows")

    def wish(_context, _running):
        with as_staff(house, owner) as web:
            assert sql.value(web, "transit.work_cancel", number) is False

    stepwise(monkeypatch, [nothing, wish, lambda *_: pytest.fail("it went on")])
    jobs.run_request(number)
    row = request(house, number)
    assert row.cancelled_at
    assert row.done_at
    assert row.answer == {"done": 2, "of_all": 3}
    with as_staff(house, owner) as web:
        sql.call(web, "transit.work_retry", number)
        with pytest.raises(WrongState):
            sql.call(web, "transit.work_retry", number)
    stepwise(monkeypatch, [nothing])
    jobs.run_request(number)
    assert request(house, number).answer == {"rows": 1}
    with as_staff(house, owner) as web, pytest.raises(NotThere):
        sql.call(web, "transit.work_cancel", number)


def test_a_wish_to_cancel_outlives_the_worker_that_was_to_hear_it(house, monkeypatch):
    owner = an_account(house.admin, "owner")
    number = asked(house, owner, "export_rows")
    sql.call(house.connection, "transit.job_claim", number, "1 minute")
    with as_staff(house, owner) as web:
        assert sql.value(web, "transit.work_cancel", number) is False
    house.admin.execute("update transit.job_request set lease_until = '-infinity'")
    stepwise(monkeypatch, [lambda *_: pytest.fail("it ran")])
    jobs.run_request(number)
    assert request(house, number).cancelled_at


def test_who_lost_the_lease_writes_nothing_more(house):
    number = asked(house, an_account(house.admin, "owner"), "export_rows")
    (running,) = requests.claim(house.context, number)
    house.admin.execute("update transit.job_request set lease_until = '-infinity'")
    (second,) = requests.claim(house.context, number)
    with pytest.raises(LeaseLost):
        work.tell(house.context, running, step="x", done=9)
    with pytest.raises(LeaseLost):
        work.keep(house.context, running, step="x", done=9, of_all=9, mark={})
    work.tell(house.context, second, step="x", done=1)
    assert request(house, number).done == 1


def test_a_mark_makes_attempts_count_anew(house):
    number = asked(house, an_account(house.admin, "owner"), "export_rows")
    house.admin.execute("update transit.job_request set attempt = 4")
    (running,) = requests.claim(house.context, number)
    assert not work.keep(house.context, running, step="x", done=1, of_all=2, mark={"at": 1})
    assert request(house, number).attempt == 1
    assert request(house, number).mark == {"at": 1}


def test_a_cancelled_answer_says_what_was_done(house):
    with pytest.raises(Cancelled) as stopped:
        raise Cancelled({"changed": 3})
    assert stopped.value.answer == {"changed": 3}


def test_what_ended_yesterday_is_forgotten_with_its_conditions(house):
    owner = an_account(house.admin, "owner")
    number = asked(house, owner, "export_rows", condition={"value": "山田"})
    house.admin.execute(
        "update transit.job_request set done_at = now() - interval '25 hours', error = 'x',"
        " stored_as = repeat('a', 32), file_name = 'x.csv', mark = '{}'"
    )
    house.ask("remove_files", lane="slow")
    row = request(house, number)
    assert (row.stored_as, row.file_name, row.arguments, row.mark) == (None, None, {}, None)
    with as_staff(house, owner) as web, pytest.raises(WrongState):
        sql.call(web, "transit.work_retry", number)


def test_an_import_shows_in_the_same_place(house):
    owner = an_account(house.admin, "owner")
    with as_staff(house, owner) as web:
        number = sql.value(
            web, "transit.file_import_ask", house.shop_ids["uk"], "online_retail", True, True,
            "注文.csv", "0" * 32,
        )  # fmt: skip
    row = house.one(
        "select request.* from transit.job_request as request join transit.file_import as import"
        " using (job_request_id) where import.file_import_id = %s",
        number,
    )
    assert row.label == "注文.csv を調べる | Look at 注文.csv"
    jobs.run_request(row.job_request_id)
    ended = request(house, row.job_request_id)
    assert ended.done_at
    assert ended.error.startswith("ファイルは消されています")
    folder = house.settings.data / "files" / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ("0" * 32)).write_text("a,b\n1,2\n", "utf-8")
    with as_staff(house, owner) as web:
        sql.call(web, "transit.work_retry", row.job_request_id)
    jobs.run_request(row.job_request_id)
    again = request(house, row.job_request_id)
    assert again.error is None or "InvoiceNo" in again.error
    assert house.inbox() == []
