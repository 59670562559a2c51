"""Generated lists, search and REST over ever more orders: how long the server takes for a page."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.benches import Context, Result
from scripts.benches._desk import desk
from scripts.benches._past import write

SMALL, MIDDLE, LARGE = 100_000, 1_000_000, 10_000_000
LIST = "/sales/sales_order/list/"


def pages(orders: int) -> Mapping[str, str]:
    """What is asked for: the same on every size."""
    number = f"EX-{orders // 2:010}"
    return {
        "list": LIST,
        "on hold": f"{LIST}?f.status=on_hold",
        "shipped": f"{LIST}?f.status=shipped&f.is_history=false",
        "last page": f"{LIST}?at=end",
        "oldest first": f"{LIST}?sort=ordered_at&dir=asc",
        "search of the list": f"{LIST}?q={number}",
        "lines": "/sales/sales_order_line/list/",
        "people": "/sales/sales_order_party/list/",
        "slip": f"/sales/sales_order/show/{orders // 2}",
        "REST": "/api/v1/sales/sales_order/?q=(page_size:50)",
        "REST, one status": "/api/v1/sales/sales_order/?q=(filters:!((col:status,opr:eq,value:on_hold)),page_size:50)",
    }


def people(orders: int) -> Mapping[str, str]:
    """Lists searched for a person: of a name a twentieth of all have, and of one mail address."""
    return {
        "people of a common name": "/sales/sales_order_party/list/?q=佐藤 花子",
        "customer of a mail address": f"/customer/customer_party/list/?q=c{orders // 7}@example.com",
    }


def run(context: Context) -> Result:
    """100 thousand and 1 million orders; 10 million with --large."""
    sizes = [SMALL // 10, SMALL] if context.quick else [SMALL, MIDDLE]
    sizes += [LARGE] if context.large else []
    took: dict[int, dict[str, float]] = {}
    of_people: dict[int, dict[str, float]] = {}
    statements: dict[str, int] = {}
    for size in sizes:
        database = context.database()
        write(database.admin, database.worker, size)
        with desk(context, database) as reader:
            asked = pages(size)
            rounds = 5 if context.quick else 15
            took[size] = {
                name: reader.median_ms(address, rounds) for name, address in asked.items()
            }
            of_people[size] = {
                name: reader.median_ms(address, rounds) for name, address in people(size).items()
            }
            statements = {name: reader.statements(address) for name, address in asked.items()}
        context.drop(database)
    base, middle = took[sizes[0]], took[sizes[1]]
    ratios = {
        "ms_at_1_million": max(middle.values()),
        "1_million_to_100_thousand": max(middle[name] / base[name] for name in base),
        "people_ms_at_1_million": max(of_people[sizes[1]].values()),
        "statements": float(max(statements.values())),
    }
    targets = {
        "ms_at_1_million": ("<=", 60.0),
        "1_million_to_100_thousand": ("<=", 1.5),
        "people_ms_at_1_million": ("<=", 300.0),
        "statements": ("<=", 12.0),
    }
    figures = {
        f"{name}, {size:,} orders, ms": ms
        for each_of in (took, of_people)
        for size, each in each_of.items()
        for name, ms in each.items()
    }
    return Result(ratios=ratios, targets=targets, figures=figures)
