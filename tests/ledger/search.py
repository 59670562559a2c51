"""The random search of the machine: other examples each time, for as long as one likes.

Tests run the same examples each time, so that a run repeats; this one looks where they never do. A
round's seed, given again, finds again what it found.
"""

import time
import traceback

from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

import sql
from scripts.sentence import say
from tests.ledger.machine import Ledger, with_examples

# A round of about half a minute
EXAMPLES = 8
STEPS = 50


def search(admin_url: str, *, minutes: float, seed: int, shrinks: bool = True) -> bool:
    """Run rounds with ascending seeds until the time is over or one finds something.

    What it finds is made as small as it can be, unless told otherwise: that takes minutes.
    """
    began = time.monotonic()
    rounds = 0
    with sql.connect(admin_url) as connection:
        Ledger.admin = connection
        while not rounds or time.monotonic() - began < minutes * 60:
            machine = seeded(seed + rounds)(Ledger)
            try:
                run_state_machine_as_test(
                    machine,
                    settings=with_examples(EXAMPLES, STEPS, finds=not shrinks, is_random=True),
                )
            except Exception as finding:  # noqa: BLE001 - whatever the machine meets is a finding
                traceback.print_exception(finding)
                say(
                    f"見つかりました。--seed {seed + rounds} でもう一度見られます。",
                    f"A finding. --seed {seed + rounds} finds it again.",
                )
                return False
            rounds += 1
            spent = time.monotonic() - began
            say(
                f"種 {seed + rounds - 1}: 異常なし（{EXAMPLES} 通り、{spent:.0f} 秒）",
                f"Seed {seed + rounds - 1}: nothing ({EXAMPLES} examples, {spent:.0f} s so far)",
            )
    return True
