"""The rules of the house for files: sizes, names, and what no file may hold."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from config import PROJECT

LISTED = subprocess.run(
    ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    cwd=PROJECT,
    capture_output=True,
    text=True,
    check=True,
).stdout.split("\0")
# What a tool writes, and data that came from elsewhere
FOREIGN = re.compile(
    r"^(tests/data/|docs/reference/|app/static/vendor/|docs/explanation/style\.md|scripts/constraints\.txt|LICENSE)|\.(png|jpg|ico|xz|gz|svg)$"
)
FILES = sorted(
    PROJECT / name
    for name in LISTED
    if name and not FOREIGN.search(name) and (PROJECT / name).is_file()
)
CODE = [path for path in FILES if path.suffix in (".py", ".sql", ".js", ".css", ".html")]
PYTHON = [path for path in FILES if path.suffix == ".py"]
MAX_LINES = 500
# A contract that is read as one, and tables of one area
LONGER = {"sync/contract.py": 700}
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "stuff", "tools", "base_utils"}
# With brackets, so that this file does not hold them itself
NEVER = re.compile(
    r"\b(?:TOD[O]|FIXM[E]|XX[X])\b|/[w]ork/|/[r]oot/|(?<![\w.}])/[h]ome/\w+/|C:\\[U]sers"
)
JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def test_files_are_found():
    assert len(PYTHON) > 50
    assert len(CODE) > len(PYTHON)


def test_no_file_is_long():
    long = {
        name_of(path): lines
        for path in CODE
        if (lines := path.read_text(encoding="utf-8").count("\n"))
        > LONGER.get(name_of(path), MAX_LINES)
    }
    assert long == {}


def test_no_two_versions_stand_in_one_file():
    marked = [
        name_of(path)
        for path in FILES
        if re.search(r"^[<>]{7} ", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert marked == []


def test_modules_are_named_after_what_they_are():
    assert [
        name_of(path) for path in FILES if path.stem in VAGUE or path.parent.name in VAGUE
    ] == []


def test_nothing_is_left_undone_and_no_machine_is_named():
    for planted in ("TOD" + "O: later", "/wor" + "k/main", "/hom" + "e/taro/x"):
        assert NEVER.search(planted)
    wrong = [
        f"{name_of(path)}:{number}: {line.strip()[:80]}"
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if NEVER.search(line)
    ]
    assert wrong == []


def wrong_python(source: str) -> list[str]:
    """What the linter does not see: a swallowed exception, an imitated database."""
    wrong = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler):
            names = {getattr(name, "id", "") for name in ast.walk(node.type)} if node.type else {""}
            if names & {"Exception", "BaseException"} or node.type is None:
                wrong.append(f"line {node.lineno}: catches everything")
            if all(isinstance(statement, ast.Pass) for statement in node.body):
                wrong.append(f"line {node.lineno}: swallows")
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = {alias.name for alias in node.names} | {getattr(node, "module", "") or ""}
            if names & {"sqlite3", "fakeredis", "unittest.mock", "mock"}:
                wrong.append(f"line {node.lineno}: imitates")
    return wrong


# Around a job, and around a command: what came out unforeseen is written down and said
CATCH_ALL = {"sync/worker.py", "sync/jobs.py"}


def test_exceptions_are_named_and_nothing_is_imitated():
    wrong = [
        f"{name_of(path)} {one}"
        for path in PYTHON
        if not name_of(path).startswith("tests/")
        for one in wrong_python(path.read_text(encoding="utf-8"))
        if not (name_of(path) in CATCH_ALL and one.endswith("everything"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    x()\nexcept Exception:\n    y()\n",
        "try:\n    x()\nexcept:\n    y()\n",
        "try:\n    x()\nexcept KeyError:\n    pass\n",
        "from unittest.mock import patch\n",
        "import sqlite3\n",
    ],
)
def test_wrong_python_is_found(source):
    assert wrong_python(source) != []


RAISED = re.compile(r"raise exception '((?:[^']|'')*)'(.*?);", re.DOTALL)
HINT = re.compile(r"hint = ('((?:[^']|'')*)'|[a-z_.]+)")


def wrong_messages(text: str) -> list[str]:
    """Messages of a function that are not in both languages or say not what to do."""
    wrong = []
    for message, rest in RAISED.findall(text):
        japanese, bar, english = message.partition(" | ")
        if not bar or not JAPANESE.search(japanese) or JAPANESE.search(english):
            wrong.append(message)
        if japanese.count("%") != english.count("%"):
            wrong.append(f"one language says less: {message}")
        if not re.search(r"errcode = 'DC[0-9]{3}'", rest):
            wrong.append(f"without a code: {message}")
        hint = HINT.search(rest)
        if not hint:
            wrong.append(f"without a hint: {message}")
        elif hint[2] is not None and (" | " not in hint[2] or not JAPANESE.search(hint[2])):
            wrong.append(f"hint in one language: {hint[2]}")
    return wrong


def test_the_database_speaks_both_languages():
    found = 0
    for path in (PROJECT / "sql").rglob("*.sql"):
        text = path.read_text(encoding="utf-8")
        assert wrong_messages(text) == [], path.name
        found += len(RAISED.findall(text))
        assert text.count("raise exception") == len(RAISED.findall(text)), path.name
    assert found > 15


def test_a_message_in_one_language_is_found():
    tail = " using errcode = 'DC001', hint = '直す。 | Mend it.';"
    assert wrong_messages(f"raise exception '受注 % | Order %', a, b{tail}") == []
    for wrong in (
        f"raise exception 'Order %', a{tail}",
        f"raise exception '受注 | Order %', a{tail}",
        f"raise exception 'Order % | 受注 %', a, b{tail}",
        "raise exception '受注 | Order' using errcode = 'DC001';",
        "raise exception '受注 | Order' using hint = '直す。 | Mend it.';",
        "raise exception '受注 | Order' using errcode = 'DC001', hint = 'Mend it.';",
    ):
        assert wrong_messages(wrong) != [], wrong


def said(source: str) -> list[tuple[int, str]]:
    """Sentences in Japanese that Python holds without their English half."""
    wrong = []
    tree = ast.parse(source)
    # `say("日本語", "English")` and its like hold the halves apart, side by side
    halves = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for argument in node.args[:-1]
        for part in ast.walk(argument)
        if isinstance(part, (ast.Constant, ast.JoinedStr))
    }
    # `ja = …` stands beside its `en = …`
    halves |= {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ja"
        for part in ast.walk(node.value)
    }
    inside = {
        id(value)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for value in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(value.value) for value in node.values if isinstance(value, ast.Constant)
            )
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in inside
        ):
            text = node.value
        else:
            continue
        # A sentence, not a word of a mall's file or a name in the demo
        if id(node) not in halves and re.search(r"[぀-ヿ㐀-鿿].*。", text) and " | " not in text:
            wrong.append((node.lineno, text[:60]))
    return wrong


def test_sentences_in_python_are_in_both_languages():
    # Customers of the simulated malls write Japanese alone; samples of malls' own answers do too
    own = ("app/", "sql/", "sync/", "scripts/commands/", "scripts/servers/", "config.py")
    wrong = [
        f"{name_of(path)}:{line}: {text}"
        for path in PYTHON
        if name_of(path).startswith(own) and path.name != "fake.py"
        for line, text in said(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []
    assert said('flash("保存しました。")') != []
    assert said('flash("保存しました。 | Saved.")') == []


def halves(text: str) -> list[str]:
    """Words of a page that are not one Japanese and one English half."""
    return [found for found in re.findall(r"\bt\('([^']*)'", text) if found.count(" | ") != 1]


def test_words_of_pages_have_two_halves():
    wrong = {
        name_of(path): found
        for path in CODE
        if path.suffix == ".html" and (found := halves(path.read_text(encoding="utf-8")))
    }
    assert wrong == {}
    assert halves("t('「日本語 | English」の形 | As 日本語 | English')") != []
    assert halves("t('保存 | Save') t('名 | Name', name=x)") == []
