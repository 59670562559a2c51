"""Documents issued as the job issues them: numbered as a person, their content kept by the worker, in one transaction."""

import hashlib
import itertools
from typing import Any

import sql
from sync.asking import as_person, worker_again
from tests.ledger.shop import Draft, House, accept, order_id

NUMBER = "T1180301018771"
_jobs = itertools.count(1)


def sender(admin: Any, house: House, shop: str = "one", number: str | None = NUMBER) -> None:
    """The shop says who it is."""
    admin.execute(
        "insert into document.sender (shop_id, sender_name, invoice_registration_no) values (%s, %s, %s)",
        (house.shops[shop], f"{shop}商店", number),
    )


def bought(no: str, *lines: tuple[int, Any, str], fees: Any = (), **more: Any) -> Draft:
    """A draft of so many pieces at a price and a rate; its total is what they and the fees come to."""
    said = [
        {"line_key": str(n), "line_no": n, "external_listing_no": "a", "line_name": f"品{n}", "quantity": quantity,
         "unit_price": str(price), "tax_rate": rate}
        for n, (quantity, price, rate) in enumerate(lines, 1)
    ]  # fmt: skip
    total = str(
        sum(quantity * price for quantity, price, _ in lines)
        + sum(float(fee["amount"]) for fee in fees)
    )
    given = {"lines": said, "fees": list(fees), "total": total.removesuffix(".0"), **more}
    if given.get("paid_at", "") is None:
        given["payments"] = []
    elif "payments" not in given:
        given["payments"] = [
            {"external_payment_no": f"{no}-1", "paid_at": "2026-11-02T00:00:00Z", "amount": given["total"], "payment_method": "card"}
        ]  # fmt: skip
    return Draft(no=no, more=tuple(given.items()))


def shipped(worker: Any, house: House, draft: Draft) -> int:
    """The order of a draft, on its way."""
    accept(worker, house, draft)
    number = order_id(worker, house, draft.no, draft.shop)
    sql.call(worker, "shipping.shipment_post", number, "yamato", f"s-{draft.no}")
    return number


def account_of(connection: Any) -> int:
    return int(connection.execute("select access.account_id()").fetchone()[0])


def issue(
    worker: Any,
    person: int,
    order: int,
    kind: str = "invoice",
    *,
    addressee: str = "",
    proviso: str = "",
    job: int | None = None,
) -> Any:
    """Issue one document; returns its row of the ledger with what it states."""
    with as_person(worker, person):
        found = sql.call(
            worker, "document.document_issue", order, kind, addressee, proviso, job or next(_jobs)
        )[0]
        if found.facts is not None:
            worker_again(worker)
            digest = hashlib.sha256(b"facts").digest()
            sql.call(
                worker,
                "document.issued_content_keep",
                found.issued_document_id,
                "facts",
                digest,
                5,
                b"facts",
                b"key",
            )
    return found


def written(connection: Any, number: int) -> Any:
    return connection.execute(
        "select * from document.issued_document where issued_document_id = %s", (number,)
    ).fetchone()


def rates(connection: Any, number: int) -> list[tuple[Any, ...]]:
    rows = connection.execute(
        "select tax_rate, amount, tax from document.issued_tax_line where issued_document_id = %s order by 1 desc", (number,)
    ).fetchall()  # fmt: skip
    return [(str(row.tax_rate), float(row.amount), float(row.tax)) for row in rows]
