"""The rules of the style page for SQL, read from the files with PostgreSQL's own parser."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pglast
import psycopg
import pytest
from pglast import ast
from pglast.visitors import Visitor

from sql import ROOT
from sql.load import SCHEMAS

FILES = sorted(ROOT.glob("[0-9][0-9]_*/*.sql"))
FUNCTION_FILES = [path for path in FILES if path.name.startswith("fn_")]
# English words that are also codes of channels would be found everywhere; say so here when one comes
WORDS = {"file"}


def statements(path: Path) -> list[ast.Node]:
    return [raw.stmt for raw in pglast.parse_sql(path.read_text(encoding="utf-8"))]


def created(path: Path) -> ast.CreateFunctionStmt:
    return next(node for node in statements(path) if isinstance(node, ast.CreateFunctionStmt))


def options(function: ast.CreateFunctionStmt) -> dict[str, object]:
    return {option.defname: option.arg for option in function.options}


def language(function: ast.CreateFunctionStmt) -> str:
    return str(options(function)["language"].sval)


def body(function: ast.CreateFunctionStmt) -> str:
    return str(options(function)["as"][0].sval)


def settings_of(function: ast.CreateFunctionStmt) -> dict[str, list[str]]:
    return {
        option.arg.name: [value.val.sval for value in option.arg.args or ()]
        for option in function.options
        if option.defname == "set"
    }


def wrong_function_file(path: Path) -> list[str]:
    """What is wrong with a file that should hold one function and its comment."""
    found = statements(path)
    if [type(node) for node in found] != [ast.CreateFunctionStmt, ast.CommentStmt]:
        return ["not one function and its comment"]
    function, comment = found
    name = [part.sval for part in function.funcname]
    wrong = []
    if not function.replace:
        wrong.append("not `create or replace`")
    if name[-1] != path.stem.removeprefix("fn_") or name[0] != path.parent.name.split("_", 1)[1]:
        wrong.append(f"{'.'.join(name)} is not named after its file")
    if [part.sval for part in comment.object.objname] != name:
        wrong.append("comments on another function")
    # One in plain SQL with the caller's rights may be without, so that it can be inlined
    is_inlined = language(function) == "sql" and "security" not in options(function)
    if settings_of(function).get("search_path", [] if is_inlined else None) not in ([], [""]):
        wrong.append("no empty search_path")
    arguments = [
        parameter.name
        for parameter in function.parameters or ()
        if parameter.mode.value not in ("o", "t")
    ]
    wrong += [f"argument {a} without p_" for a in arguments if not a.startswith("p_")]
    return wrong


def test_there_are_files():
    assert len(FUNCTION_FILES) > 50


@pytest.mark.parametrize("path", FUNCTION_FILES, ids=lambda path: path.stem)
def test_a_function_file_holds_one_function_and_its_comment(path):
    assert wrong_function_file(path) == []


def test_wrong_function_files_are_found(tmp_path):
    folder = tmp_path / "50_stock"
    folder.mkdir()
    path = folder / "fn_planted.sql"
    good = (
        "create or replace function stock.planted(p_one integer) returns integer language sql"
        " security definer set search_path = '' as $$ select 1 $$;"
        "comment on function stock.planted(integer) is 'x | y';"
    )
    path.write_text(good)
    assert wrong_function_file(path) == []
    for old, new in (
        ("or replace ", ""),
        ("stock.planted(p_one", "stock.other(p_one"),
        (" set search_path = ''", ""),
        (" set search_path = ''", " set search_path = public"),
        ("p_one", "one"),
        ("comment on function stock.planted(integer) is 'x | y';", ""),
        ("comment on", "select 1; comment on"),
    ):
        assert old in good
        path.write_text(good.replace(old, new))
        assert wrong_function_file(path) != [], new


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_form_of_a_file(path):
    """Lower case, 4 spaces, `and` and `on` at the start of a line, no star in a view."""
    text = path.read_text(encoding="utf-8")
    code = re.sub(r"'(?:[^']|'')*'", "''", text)
    assert "\t" not in text
    assert not re.search(r"[ ]+$", text, re.MULTILINE)
    assert text.endswith("\n")
    assert not re.search(r"\b(and|on|or)\n", code)
    assert not re.search(r"\b(SELECT|FROM|WHERE|CREATE|BEGIN|UPDATE|INSERT)\b", code)
    if path.name.startswith("vw_"):
        assert "*" not in re.sub(r"count\(\*\)", "", code).replace(" * ", "")
    if path.name != "fab_tables.sql":
        assert not re.search(r"\bvarchar\b|\bcreate type\b|\btimestamp\b(?!tz)", code)


class Names(Visitor):
    """Collects the functions that a statement calls and the relations that it reads or writes."""

    def __init__(self) -> None:
        super().__init__()
        self.functions: list[list[str]] = []
        self.relations: list[ast.RangeVar] = []
        self.locked: list[ast.RangeVar] = []
        self.ctes: set[str] = set()

    def visit_FuncCall(self, _: object, node: ast.FuncCall) -> None:  # noqa: N802 - the parser's name
        self.functions.append([part.sval for part in node.funcname])

    def visit_RangeVar(self, _: object, node: ast.RangeVar) -> None:  # noqa: N802 - the parser's name
        self.relations.append(node)

    def visit_LockingClause(self, _: object, node: ast.LockingClause) -> None:  # noqa: N802 - the parser's name
        # `for update of alias`
        self.locked += node.lockedRels or ()

    def visit_CommonTableExpr(self, _: object, node: ast.CommonTableExpr) -> None:  # noqa: N802 - the parser's name
        self.ctes.add(node.ctename)


def queries(plpgsql: object) -> list[str]:
    """All SQL texts inside a parsed PL/pgSQL function."""
    found: list[str] = []
    if isinstance(plpgsql, dict):
        for key, value in plpgsql.items():
            if key == "query" and isinstance(value, str):
                found.append(value)
            else:
                found += queries(value)
    elif isinstance(plpgsql, list):
        for value in plpgsql:
            found += queries(value)
    return found


def parsed(query: str) -> list[ast.RawStmt]:
    """Parse a piece of PL/pgSQL: a statement, an expression, or an assignment."""
    for text in (query, f"select {query}", f"select {query.partition(':=')[2]}"):
        try:
            return list(pglast.parse_sql(text))
        except pglast.parser.ParseError:
            continue
    raise AssertionError(f"cannot be parsed: {query}")


def names_of(path: Path) -> Names:
    names = Names()
    text = path.read_text(encoding="utf-8")
    function = created(path)
    if language(function) == "sql":
        for statement in pglast.parse_sql(body(function)):
            names(statement)
    else:
        # The parser knows no types but the catalogue's
        text = re.sub(r"^(    v_\w+) \w+\.\w+( :=|;)", r"\1 record\2", text, flags=re.MULTILINE)
        text = re.sub(
            r"^    returns (setof )?\w+\.\w+$", r"    returns \1record", text, flags=re.MULTILINE
        )
        for query in queries(pglast.parse_plpgsql(text)):
            for statement in parsed(query):
                names(statement)
    return names


# Relations that live inside one function: transition tables, temporary tables
OWN = re.compile(
    r"^(new_row|old_row|new_entry|new_balance|old_balance|new_component|old_component)$"
)


@pytest.mark.parametrize("path", FUNCTION_FILES, ids=lambda path: path.stem)
def test_a_body_parses_and_names_what_is_there(path, db):
    """`check_function_bodies` is off while loading: a call of what is not there would show late."""
    names = names_of(path)
    made = set(re.findall(r"create temporary table (\w+)", path.read_text(encoding="utf-8")))
    for name in names.functions:
        if len(name) == 1:
            known = db.execute(
                "select 1 from pg_proc where pronamespace = 'pg_catalog'::regnamespace"
                " and proname = %s",
                name,
            ).fetchone()
        else:
            known = db.execute(
                "select 1 from pg_proc where pronamespace::regnamespace::text = %s"
                " and proname = %s",
                name,
            ).fetchone()
        assert known, f"calls {'.'.join(name)}"
    for relation in names.relations:
        if any(relation is one for one in names.locked):
            continue
        if relation.schemaname is None:
            assert relation.relname in names.ctes | made or OWN.match(relation.relname), (
                f"{relation.relname} is not qualified"
            )
        elif relation.schemaname != "pg_temp":
            full = f"{relation.schemaname}.{relation.relname}"
            assert db.execute("select to_regclass(%s)", [full]).fetchone()[0], full


def test_a_body_that_calls_nothing_is_found(tmp_path, db):
    path = tmp_path / "fn_planted.sql"
    for line in (
        "perform stock.no_such(1);",
        "update stock.no_such set x = 1;",
        "perform nosuch();",
    ):
        path.write_text(
            "create or replace function stock.planted() returns void language plpgsql"
            f" set search_path = '' as $$ begin {line} end; $$;"
        )
        with pytest.raises(AssertionError):
            test_a_body_parses_and_names_what_is_there(path, db)


def test_bodies_are_checked_by_the_server(db):
    """With the check on, the server parses PL/pgSQL and resolves every name and type of plain SQL."""
    db.execute("set local check_function_bodies = on")
    for path in FUNCTION_FILES:
        db.execute(path.read_text(encoding="utf-8"))
    for wrong in ("select no_such from stock.warehouse", "select 1 +"):
        with pytest.raises(psycopg.Error), db.transaction():
            db.execute(
                f"create function stock.planted() returns integer language sql as $$ {wrong} $$"
            )


def channel_codes() -> set[str]:
    return {path.name for path in (ROOT.parent / "sync" / "channels").iterdir() if path.is_dir()}


def test_the_schema_names_no_channel():
    codes = {code for code in channel_codes() if not code.startswith("_")} - WORDS
    assert {"hinode", "minato"} <= codes
    known = codes | {"rakuten", "amazon", "shopify", "yahoo", "makeshop", "qoo10", "楽天"}
    pattern = re.compile("|".join(sorted(known)), re.IGNORECASE)
    assert pattern.search("select 'Rakuten-1'")
    wrong = [
        f"{path.name}: {match[0]}"
        for path in sorted(ROOT.rglob("*.sql"))
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_grants_and_policies_stand_in_access_alone():
    pattern = re.compile(
        r"^\s*(grant|revoke|create policy|alter default privileges)\b", re.MULTILINE
    )
    assert [
        path.name
        for path in FILES
        if pattern.search(path.read_text()) and path.parent.name != "95_access"
    ] == []


def test_schemas_are_named_after_their_folders():
    folders = {path.name.split("_", 1)[1] for path in ROOT.glob("[0-9][0-9]_*") if path.is_dir()}
    assert folders <= set(SCHEMAS)


def squawk(folder: Path) -> list[str]:
    """Run squawk over the migrations of a folder; one line for each finding."""
    paths = sorted(folder.glob("*.sql"))
    if not paths:
        return []
    done = subprocess.run(
        [Path(sys.executable).parent / "squawk", "--pg-version=18", "--assume-in-transaction",
         "--exclude=prefer-identity,prefer-robust-stmts,require-timeout-settings", "--reporter=json", *paths],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [
        f"{Path(one['file']).name}:{one['line']} {one['rule_name']}"
        for one in json.loads(done.stdout)
    ]


def test_migrations_are_safe_on_a_live_shop():
    assert squawk(ROOT / "migrations") == []
    for path in (ROOT / "migrations").glob("*.sql"):
        assert re.fullmatch(r"[0-9]{4}_(pre|post)_[a-z0-9_]+\.sql", path.name)


def test_a_migration_that_stops_a_shop_is_found(tmp_path):
    (tmp_path / "0001_pre_x.sql").write_text(
        "alter table sales.sales_order add column x integer not null;\n"
    )
    (tmp_path / "0002_pre_y.sql").write_text(
        "create index planted_ix on sales.sales_order (total);\n"
    )
    assert len(squawk(tmp_path)) >= 2
