"""Actions: granted functions whose first parameter is a row's key, run within the reader's row scope."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from flask import abort, redirect, request
from flask_appbuilder.utils.base import get_safe_redirect
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may
from app.catalog import Function, Relation
from app.errors import GONE, refusal, side_of
from app.fab.forms import argument_field, function_form
from app.fab.interface import Interface
from app.fab.labels import Labels, options, title
from app.fab.screen import Screen, Screens
from app.messages import done, stop
from app.words import label_of, language, t

ROWS_MAX = 200


class Acting(Protocol):
    """What an action needs of the screen or resource on which it is called."""

    relation: Relation
    screen: Screen
    datamodel: Interface


class ActingPage(Acting, Protocol):
    """A screen, which also says in a page what happened."""

    screens: Screens

    def render_template(self, template: str, **kwargs: Any) -> str: ...
    def words(self) -> Mapping[str, object]: ...
    def link(self, method: str, **values_: Any) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an action did to one row."""

    title: str
    done: bool
    sentence: str


def needs_form(function: Function) -> bool:
    """Whether something must be asked before the function can run on a row."""
    return len(function.arguments) > 1


def statement(function: Function, names: Sequence[str]) -> sa.TextClause:
    """The call of a function with these arguments by name, bound as :a0, :a1 and so on."""
    types = {argument.name: argument.type for argument in function.arguments}
    said = ", ".join(
        f"{_quoted(name)} => cast(:a{place} as {types[name]})" for place, name in enumerate(names)
    )
    called = f"{_quoted(function.schema)}.{_quoted(function.name)}({said})"
    return sa.text(f"select * from {called}")  # noqa: S608 - names of the catalogue, quoted


def bound(function: Function, arguments: Mapping[str, object]) -> dict[str, object]:
    """The values of `statement`, as the driver takes them: a JSON value as its text."""
    documents = {found.name for found in function.arguments if found.kind == "json"}
    return {
        f"a{place}": json.dumps(value, ensure_ascii=False)
        if name in documents and value is not None
        else value
        for place, (name, value) in enumerate(arguments.items())
    }


def run(function: Function, arguments: dict[str, object]) -> str:
    """Call a function; what it says itself, in the reader's language, or nothing."""
    called = statement(function, list(arguments))
    rows = data().execute(called, bound(function, arguments)).all()
    said = [value for row in rows for value in row if isinstance(value, str)]
    return side_of(said[0]) if len(said) == 1 else ""


def outcomes(
    view: Acting, function: Function, keys: Sequence[str], arguments: dict[str, object]
) -> list[Outcome]:
    """Run a function on each row the reader may see, each in its own savepoint, then keep what was done."""
    key_name = function.arguments[0].name
    found = []
    for key in keys:
        item = view.datamodel.get(key)
        if item is None:
            found.append(Outcome(title=key, done=False, sentence=t(GONE)))
            continue
        said = title(view.relation, item)
        # The row's key as the parameter's type: a bigint stays one.
        value = getattr(item, view.datamodel.key[0])
        found.append(one(function, {key_name: value, **arguments}, said))
    try:
        data().commit()
    except DBAPIError as error:
        data().rollback()
        why = refusal(error, generation().catalog).sentence
        return [Outcome(title=one_.title, done=False, sentence=why) for one_ in found]
    return found


def one(function: Function, arguments: dict[str, object], said: str) -> Outcome:
    """Run a function once in a savepoint of its own."""
    try:
        with data().begin_nested():
            answer = run(function, arguments)
    except DBAPIError as error:
        return Outcome(
            title=said, done=False, sentence=refusal(error, generation().catalog).sentence
        )
    return Outcome(title=said, done=True, sentence=answer)


def act(view: ActingPage, name: str) -> Any:
    """The page of an action: asks for what is missing or for a confirmation, runs, and says what happened."""
    function = offered_function(view, name)
    on_rows = name in view.screen.actions
    keys = list(dict.fromkeys(request.form.getlist("rowid")))
    if on_rows and not keys:
        stop(t("行を選んでください。 | Choose rows first."))
        return redirect(view.link("list"))
    if len(keys) > 1 and name in view.screen.one_by_one:
        stop(
            t(
                "一行ずつ行います。行を一つ選んでください。 | This is done one row at a time. Choose one row."
            )
        )
        return redirect(view.link("list"))
    if len(keys) > ROWS_MAX:
        abort(413, description=t("一度に{n}行までです。 | At most {n} rows at a time.", n=ROWS_MAX))
    asked = function.arguments[1:] if on_rows else function.arguments
    catalog = generation().catalog
    likes = {
        argument.name: view.screens.like(catalog, argument.name, function.schema)
        for argument in asked
    }
    form = function_form(
        {
            argument.name: argument_field(
                argument, likes[argument.name], view.screens.parameters.get(argument.name)
            )
            for argument in asked
        }
    )()
    if request.form.get("confirm") and form.validate():
        arguments = {
            argument.name: form._fields[argument.name].data
            for argument in asked
            if not (argument.has_default and form._fields[argument.name].data is None)
        }
        return (
            _ran(view, function, keys, arguments, form, likes)
            if on_rows
            else _made(view, function, arguments, form, likes)
        )
    if not request.form.get("confirm"):
        for field in form._fields.values():
            field.errors = ()
    return _ask(view, function, keys, form, likes, refused=bool(request.form.get("confirm")))


def offered_function(view: Acting, name: str) -> Function:
    """The function behind an action of this screen; 404 when there is none, 403 when it is not granted."""
    function = generation().catalog.functions.get(name)
    if function is None or name not in (*view.screen.actions, *view.screen.create_actions):
        abort(404)
    if not may("execute", name):
        abort(403)
    return function


def _ran(
    view: ActingPage,
    function: Function,
    keys: list[str],
    arguments: dict[str, object],
    form: Any,
    likes: Any,
) -> Any:
    found = outcomes(view, function, keys, arguments)
    said = label_of(function.comment, function.name, language())
    if len(found) == 1:
        if not found[0].done and needs_form(function):
            return _ask(view, function, keys, form, likes, refused=True, problem=found[0].sentence)
        _flash(said, found[0])
        return redirect(_back() or view.link("show", pk=keys[0]))
    return view.render_template(
        "daicho/outcome.html",
        **view.words(),
        function=function,
        outcomes=found,
        done=sum(outcome.done for outcome in found),
        link=view.link,
    )


def _made(
    view: ActingPage, function: Function, arguments: dict[str, object], form: Any, likes: Any
) -> Any:
    said = label_of(function.comment, function.name, language())
    outcome = one(function, arguments, said)
    if not outcome.done:
        data().rollback()
        return _ask(view, function, [], form, likes, refused=True, problem=outcome.sentence)
    data().commit()
    _flash(said, outcome)
    return redirect(view.link("list"))


def _back() -> str:
    """The page of ours that asked, where it wants to be come back to."""
    wanted = request.form.get("next", "")
    return get_safe_redirect(wanted) if wanted else ""


def _flash(said: str, outcome: Outcome) -> None:
    if outcome.done:
        done(outcome.sentence or t("「{said}」をしました。 | Done: {said}.", said=said))
    else:
        stop(outcome.sentence)


def _ask(
    view: ActingPage,
    function: Function,
    keys: list[str],
    form: Any,
    likes: Any,
    *,
    refused: bool,
    problem: str = "",
) -> Any:
    fields = [field for name, field in form._fields.items() if name in likes]
    choices: dict[str, list[tuple[str, str]]] = {}
    for field in fields:
        like = likes[field.name]
        if like and like[1].name in like[0].references:
            found = options(like[0], [like[1].name])
            if like[1].name in found:
                choices[field.name] = found[like[1].name]
    labels = Labels()
    labels.learn(
        (likes[f.name][0], likes[f.name][1].name, [f.data]) for f in fields if likes[f.name]
    )
    titles = []
    for key in keys[:20]:
        item = view.datamodel.get(key)
        titles.append(title(view.relation, item) if item is not None else key)
    page = view.render_template(
        "daicho/ask.html",
        back=_back(),
        **view.words(),
        function=function,
        fields=fields,
        form=form,
        likes={name: like[1] if like else None for name, like in likes.items()},
        choices=choices,
        label_of_value=lambda name, value: (
            labels.of(likes[name][0], likes[name][1].name, value) if likes[name] else None
        ),
        keys=keys,
        titles=titles,
        problem=problem,
        link=view.link,
    )
    return page, 422 if refused else 200


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
