"""The file channel: a shop whose orders come as files, through a saved column map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self, cast

from sync.channels.file import mapping
from sync.channels.file.content import Content, Document, read_content
from sync.channels.file.layout import Layout, read_layout
from sync.channels.file.table import read_table
from sync.contract import (
    AdjustmentDraft,
    CancellationDraft,
    FilePreview,
    FileProblem,
    OrderDraft,
    OrderFile,
    Raw,
    ShopAccess,
    ShopIdentity,
    SourceFile,
)
from sync.contract import Channel as ChannelProtocol
from sync.errors import Refused, SettingMissing

PREVIEW_DRAFTS = 20
PREVIEW_PROBLEMS = 50


class Channel(ChannelProtocol, OrderFile):
    """Reads order files by the column map in `settings["layout"]`."""

    code: ClassVar[str] = "file"

    def __init__(self, access: ShopAccess) -> None:
        self._access = access
        body = access.settings.get("layout")
        self._layout = (
            read_layout(str(access.settings.get("map_code", "")), cast("Mapping[str, Any]", body))
            if isinstance(body, dict)
            else None
        )

    @classmethod
    def open(cls, access: ShopAccess) -> Self:
        return cls(access)

    def close(self) -> None:
        """Nothing is held open."""

    def check(self) -> ShopIdentity:
        return ShopIdentity(
            external_shop_no=self._access.shop_code,
            shop_name=self._access.shop_code,
            currency_code=self._access.currency_code,
        )

    @property
    def layout(self) -> Layout:
        """The column map of this shop or import."""
        if self._layout is None:
            raise SettingMissing(
                "列の対応表が選ばれていません。 | No column map has been chosen.",
                hint="--map か画面で選びます。 | Choose one by --map or on the page.",
            )
        return self._layout

    def content(self, file: SourceFile) -> Content:
        """Read a whole file into documents, with the lines on which they stand."""
        return read_content(read_table(file, self.layout), self.layout, self._access.time_zone)

    def read_orders(self, file: SourceFile) -> Iterator[Raw]:
        for document in self.content(file).documents:
            if document.kind in {"order", "adjustment"}:
                yield document.raw

    def parse_order(self, raw: Raw, line_nos: Sequence[int] = ()) -> OrderDraft:
        return mapping.order(raw, self._reader(raw, line_nos))

    def parse_adjustment(self, raw: Raw, line_nos: Sequence[int] = ()) -> AdjustmentDraft:
        return mapping.adjustment(raw, self._reader(raw, line_nos))

    def parse_cancellations(
        self, raw: Raw, line_nos: Sequence[int] = ()
    ) -> tuple[str, list[CancellationDraft]]:
        """Read a document that takes pieces back: the customer's number, and one draft per row."""
        return mapping.cancellations(raw, self._reader(raw, line_nos))

    def preview(self, file: SourceFile) -> FilePreview:
        content = self.content(file)
        drafts: list[OrderDraft] = []
        problems: list[FileProblem] = []
        count = 0
        for document in content.documents:
            found = self.problems_of(document)
            count += len(found)
            problems += found[: max(0, PREVIEW_PROBLEMS - len(problems))]
            if not found and document.kind == "order" and len(drafts) < PREVIEW_DRAFTS:
                drafts.append(self.parse_order(document.raw))
        return FilePreview(
            row_count=content.row_count, drafts=drafts, problems=problems, problem_count=count
        )

    def problems_of(self, document: Document) -> Sequence[FileProblem]:
        """Say what is wrong with a document, by line and column; empty when it can be read."""
        reader = self._reader(document.raw, document.line_nos)
        try:
            match document.kind:
                case "order":
                    mapping.order(document.raw, reader)
                case "cancellation":
                    mapping.cancellations(document.raw, reader)
                case "adjustment":
                    mapping.adjustment(document.raw, reader)
                case "note":
                    return ()
        except Refused:
            return reader.problems
        return ()

    def _reader(self, raw: Raw, line_nos: Sequence[int]) -> mapping.Reader:
        return mapping.reader_of(
            raw,
            self.layout,
            zone=self._access.time_zone,
            currency_code=self._access.currency_code,
            line_nos=line_nos,
        )
