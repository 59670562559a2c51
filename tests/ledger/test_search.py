"""The long random search says when it finds something, and how to see it again."""

import sql
from tests.ledger.search import EXAMPLES, search
from tests.ledger.test_planted import PLANTED


def test_a_sound_ledger_has_no_findings(fresh_database, capsys):
    assert search(fresh_database.admin, minutes=0, seed=11)
    assert f"Seed 11: nothing ({EXAMPLES} examples" in capsys.readouterr().out


def test_a_planted_bug_is_found_and_found_again_by_its_seed(fresh_database, capsys):
    with sql.connect(fresh_database.admin) as admin:
        PLANTED["a cancelled order keeps its stock"](admin)
    assert not search(fresh_database.admin, minutes=5, seed=3, shrinks=False)
    said = capsys.readouterr()
    assert "AssertionError" in said.err
    again = said.out.rpartition("--seed ")[2].split()[0]
    assert not search(fresh_database.admin, minutes=0, seed=int(again), shrinks=False)
    assert f"--seed {again} finds it again" in capsys.readouterr().out
