"""Form fields of columns and function parameters: typed once, kept as typed when refused."""

from collections.abc import Sequence
from typing import Any

from flask_appbuilder.forms import DynamicForm, GeneralModelConverter
from wtforms import Field
from wtforms.validators import StopValidation

from app.asking import zone
from app.catalog import Argument, Column, Relation
from app.fab import values
from app.words import help_of, label_of, language, t

REQUIRED = "必ず入れてください。 | This must be filled in."


class ColumnField(Field):
    """One field of any kind; it keeps the text as typed beside the value that it means."""

    def __init__(
        self,
        *,
        typed: Column | Argument,
        choices: tuple[str, ...] = (),
        required: bool = False,
        multiline: bool = False,
        reference: tuple[str, str] | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(**rest)
        self.typed, self.choices, self.required = typed, choices, required
        self.multiline, self.reference = multiline, reference
        self.text = self.held = ""
        self.note = ""

    @property
    def control(self) -> str:
        """The kind of control that the page draws."""
        if self.reference:
            return "reference"
        if self.choices:
            return "choice"
        if self.multiline or self.typed.kind in ("json", "array"):
            return "lines"
        kinds = {"boolean": "yesno", "date": "date", "moment": "moment", "datetime": "moment"}
        return kinds.get(self.typed.kind, "line")

    @property
    def is_unsaved(self) -> bool:
        """Whether what was typed differs from what the row holds."""
        return self.text.replace("\r\n", "\n") != self.held

    def process_data(self, value: Any) -> None:
        self.data = value
        self.text = self.held = values.to_text(value, zone())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if not valuelist:
            return
        typed, before = str(valuelist[-1]), self.text
        self.text = typed
        if typed.replace("\r\n", "\n") == before and self.data is not None:
            return  # untouched: what the field cannot show (microseconds) stays
        try:
            self.data = values.from_text(self.typed, typed, zone())
        except values.NotAValue as error:
            self.data = None
            raise ValueError(str(error)) from None

    def pre_validate(self, form: Any) -> None:
        if self.choices and self.data is not None and self.data not in self.choices:
            raise StopValidation(t("一覧から選んでください。 | Choose one from the list."))
        if self.required and self.data is None and not self.process_errors:
            raise StopValidation(t(REQUIRED))


class ColumnForms(GeneralModelConverter):
    """Flask-AppBuilder's form maker, with our field for every column."""

    def _convert_col(
        self,
        col_name: str,
        label: str,
        description: str,
        lst_validators: list[Any],
        filter_rel_fields: Any,
        form_props: dict[str, Any],
    ) -> None:
        relation: Relation = self.datamodel.relation
        form_props[col_name] = column_field(relation, relation.columns[col_name])


def column_field(relation: Relation, column: Column) -> Any:
    """The field of one column; the database fills what has a default."""
    return ColumnField(
        typed=column,
        choices=column.choices,
        required=not column.nullable and not column.has_default,
        multiline=column.multiline,
        reference=relation.references.get(column.name),
    )


def function_form(fields: dict[str, Any]) -> type[DynamicForm]:
    """A form of the given fields."""
    return type("FunctionForm", (DynamicForm,), fields)


def argument_field(
    argument: Argument, like: tuple[Relation, Column] | None, words: str | None = None
) -> Any:
    """The field of a function's parameter; choices and reference come from the column of its name.

    `words` are the label and the help of one that no column is called like.
    """
    relation, column = like or (None, None)
    reference = relation.references.get(column.name) if relation and column else None
    if relation and column and not reference and relation.key == (column.name,):
        reference = (relation.full, column.name)
    return ColumnField(
        typed=argument,
        choices=column.choices if column else (),
        required=not argument.has_default,
        label=label_of(words, argument.name.removeprefix("p_"), language()),
        description=help_of(words, language()),
        multiline=bool(column and column.multiline),
        reference=reference,
    )
