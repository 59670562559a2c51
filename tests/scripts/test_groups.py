"""Groups of checks run side by side, and each is heard whole."""

import sys

from scripts.groups import Group, run_groups


def group(name: str, program: str) -> Group:
    return Group(name=name, command=(sys.executable, "-c", program), budget_s=1)


MEETS = """
import pathlib, time
pathlib.Path({mine!r}).touch()
for _ in range(200):
    if pathlib.Path({other!r}).exists():
        break
    print("{name} waits", flush=True)
    time.sleep(0.05)
else:
    raise SystemExit(1)
time.sleep(0.1)
print("{name} met", flush=True)
"""


def test_two_groups_run_at_once_and_print_in_one_piece(tmp_path, capsys):
    paths = {name: str(tmp_path / name) for name in ("left", "right")}
    groups = [
        group("left", MEETS.format(mine=paths["left"], other=paths["right"], name="left")),
        group("right", MEETS.format(mine=paths["right"], other=paths["left"], name="right")),
    ]
    assert run_groups(groups, lanes=2) == []
    for part in capsys.readouterr().out.split("== ")[1:]:
        lines = part.split("\n\n")[0].splitlines()
        said = {line.split(" ")[0] for line in lines if line}
        assert len(said) == 1


def test_what_failed_is_named_and_what_follows_still_runs(capsys):
    groups = [group("bad", "print('why'); raise SystemExit(3)"), group("good", "print('fine')")]
    assert run_groups(groups) == ["bad"]
    out = capsys.readouterr().out
    assert "why" in out
    assert "fine" in out
    assert "NG" in out
