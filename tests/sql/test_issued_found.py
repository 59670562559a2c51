"""Issued documents are found by whom they are addressed to, by who may read that and by nobody else."""

import pytest

from tests.ledger.shop import receive
from tests.sql.issuing import account_of, bought, issue, sender, shipped


@pytest.fixture
def stocked(worker, admin, house):
    receive(worker, house, a=10)
    sender(admin, house)
    return house


def test_documents_are_found_by_addressee_only_by_who_may_read_it(worker, admin, stocked, as_staff):
    desk = as_staff("order_desk")
    order = shipped(worker, stocked, bought("1", (1, 108, "0.08"), total="108"))
    number = issue(worker, account_of(desk), order).issued_document_id
    admin.execute("grant select on document.issued_document to daicho_warehouse")

    def found(who, words):
        (condition,) = who.execute(
            "select access.condition_search_sql('document.issued_document'::regclass, to_jsonb(%s::text))",
            [words],
        ).fetchone()
        rows = who.execute(
            f"select issued_document_id from document.issued_document where {condition}"
        ).fetchall()
        return [row[0] for row in rows]

    warehouse = as_staff("warehouse")
    for words, is_known in (("山田", True), ("I-00 花子", True), ("田中", False), ("_", False)):
        assert found(desk, words) == ([number] if is_known else [])
        assert found(warehouse, words) == []
    assert found(warehouse, "I-00") == [number]
    # Whose shop is out of reach has no addressees either
    admin.execute("update staff.account set sees_all_shops = false where staff_role = 'order_desk'")
    assert found(desk, "山田") == []
