"""Which rows of a relation a list was asked about: all that match a condition, or some by their keys."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, jsonify, redirect, request
from werkzeug.datastructures import MultiDict

from app.asking import generation, reader, rights, zone
from app.catalog import Relation
from app.fab import values
from app.words import label_of, language, t

KEYS_MAX = 10_000
CONDITION_MAX = 200_000
COLUMNS_MAX = 200


class ChoiceWrong(ValueError):
    """What was chosen cannot be read; the text is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Rows by condition, by keys, or all when both are None."""

    relation: Relation
    condition: Mapping[str, Any] | None
    keys: Sequence[Mapping[str, Any]] | None

    @property
    def arguments(self) -> dict[str, Any]:
        """What a job must know of it."""
        return {"relation": self.relation.full, "condition": self.condition, "keys": self.keys}


def relation_of(schema: str, table: str) -> Relation:
    """A relation of which the reader may read something; 401, 403 or 404 otherwise."""
    if reader() is None:
        abort(401)
    relation = generation().catalog.relations.get(f"{schema}.{table}")
    held = rights()
    if relation is None or held is None:
        abort(404)
    if relation.full not in held.read:
        abort(403)
    return relation


def sent() -> MultiDict[str, str]:
    """What was sent, as a form or as JSON whose lists stand for repeated fields."""
    if not request.is_json:
        return request.form
    document = request.get_json(silent=True)
    found: MultiDict[str, str] = MultiDict()
    for name, said in document.items() if isinstance(document, dict) else ():
        for one in said if isinstance(said, list) else [said]:
            found.add(str(name), one if isinstance(one, str) else json.dumps(one))
    return found


def chosen(relation: Relation, form: MultiDict[str, str]) -> Chosen:
    """Read `condition` or `rowid`s; with `all` set, the condition counts and not the rows. Raises ChoiceWrong."""
    texts = list(dict.fromkeys(form.getlist("rowid")))
    if texts and not form.get("all"):
        return Chosen(relation=relation, condition=None, keys=_keys(relation, texts))
    return Chosen(relation=relation, condition=_condition(form.get("condition", "")), keys=None)


def _condition(text: str) -> Mapping[str, Any] | None:
    if not text.strip():
        return None
    if len(text) > CONDITION_MAX or "\\u0000" in text:
        raise ChoiceWrong(
            t(
                "条件が長すぎるか、使えない文字があります。 | The condition is too long, or holds a character that cannot be kept."
            )
        )
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = 0
    if found is None or found == {}:
        return None
    if not isinstance(found, dict):
        raise ChoiceWrong(
            t(
                "条件を読めません。一覧で選び直してください。 | The condition cannot be read. Choose again in the list."
            )
        )
    return found


def _keys(relation: Relation, texts: Sequence[str]) -> list[dict[str, Any]]:
    held = rights()
    readable = held.read.get(relation.full, frozenset()) if held else frozenset()
    if not relation.key or not set(relation.key) <= readable:
        raise ChoiceWrong(t("この一覧の行は選べません。 | Rows of this list cannot be chosen."))
    if len(texts) > KEYS_MAX:
        raise ChoiceWrong(
            t(
                "一度に選べるのは{n}行までです。条件で選んでください。 | At most {n} rows can be chosen; use a condition.",
                n=f"{KEYS_MAX:,}",
            )
        )
    return [_key(relation, text) for text in texts]


def _key(relation: Relation, text: str) -> dict[str, Any]:
    try:
        parts: Any = [text] if len(relation.key) == 1 else json.loads(text)
        pairs = zip(relation.key, parts, strict=True)
        found = {
            name: values.to_json(values.from_text(relation.columns[name], str(part), zone()))
            for name, part in pairs
        }
    except (ValueError, TypeError, RecursionError):
        found = {}
    if not found or None in found.values():
        raise ChoiceWrong(
            t(
                "選んだ行を読めません。一覧で選び直してください。 | A chosen row cannot be read. Choose again in the list."
            )
        )
    return found


def name_of(relation: Relation, wanted: str = "") -> str:
    """What a relation is called."""
    return label_of(relation.comment, relation.name, wanted or language())


def wants_json() -> bool:
    """Whether a script asks, and no browser that shows pages."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"


def answered(link: str, **told: Any) -> Any:
    """A redirect for a page, its document for a script."""
    return jsonify(link=link, **told) if wants_json() else redirect(link)
