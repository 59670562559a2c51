"""Who writes mails and may not see people: previews and trials of templates say nothing of anybody."""

from typing import Any

from flask import Flask

from tests.app.mailroom import one
from tests.app.shopfront import Person, a_person
from tests.app.test_roles import boxes, code, make, version_of

__all__ = ["code"]

SAYS = (
    "{{ buyer.name }}/{{ buyer.company }}/{{ recipient.name }}/{{ recipient.company }}/{{ recipient.postal_code }}/"
    "{{ recipient.address }}/{{ order.no }}"
)
PEOPLE = ("sales.sales_order_party", "customer.customer_party", "mail.mail_party")


def test_a_preview_by_who_may_not_see_people_names_nobody(
    owner: Person, app: Flask, admin: Any, code: str, first_order: int
) -> None:
    order = one(
        admin,
        "select * from sales.sales_order join sales.sales_order_party using (sales_order_id) where sales_order_id = %s",
        first_order,
    )
    personal = [
        str(value)
        for column, value in order._asdict().items()
        if column.startswith(("buyer_", "recipient_"))
        and value
        and not column.endswith(("country_code", "_at"))
    ]
    assert len(personal) >= 5
    make(owner, code, copied_from="manager")
    role = f"own_{code}"
    page = owner.get(f"/roles/{role}/edit").text
    kept = [one for one in boxes(page) if not any(table in one for table in PEOPLE)]
    assert len(kept) < len(boxes(page))
    given = {"version": version_of(page), "grant": kept, "confirm": "1"}
    assert owner.post(f"/roles/{role}/edit", given).status_code == 302
    person = Person(app)
    person.sign_in(*a_person(app, code, role))
    said = {"subject": "{{ order.no }}", "text": SAYS, "html": f"<p>{SAYS}</p>"}
    seen = []
    for asked in ({}, {"order_no": order.order_no}, {"shop_id": str(order.shop_id)}):
        for kind in ("json", "html"):
            answer = person.post(f"/mails/templates/preview.{kind}", {**said, **asked})
            assert answer.status_code == 200
            seen.append(answer.text)
    assert "fault" not in seen[0]
    # The same asked by the owner does name them, so that this could fail
    shown = owner.post("/mails/templates/preview.json", {**said, "order_no": order.order_no}).json
    assert order.buyer_name in shown["text"]
    tried = {**said, "order_no": order.order_no, "sent_to": "me@staff.example"}
    seen.append(person.post("/mails/templates/try.json", tried).text)
    found = {value for value in personal for text in seen if value in text}
    assert found == set()
    job = admin.execute(
        "select arguments::text from transit.job_request where job = 'send_test_mail' order by 1 desc limit 1"
    ).fetchone()
    assert job is None or not [value for value in personal if value in job[0]]
