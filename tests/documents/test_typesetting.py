"""The child that sets type: the same bytes, its limits, and nothing that a template could reach."""

import io

import pypdfium2
import pytest

from sync.render import pages
from sync.render.pages import Limits, TemplateEndless, TemplateTooLong, TemplateWrong

HEAD = '#set text(font: "Noto Sans CJK JP", lang: "ja")\n#let d = json("data.json")\n'
# A WebAssembly module whose function "f" is an endless loop
LOOP = bytes.fromhex(
    "0061736d010000000105016000017f03020100050301000107"
    "0e020166000006" "6d656d6f72790200" "0a0a01080003400c000b000b"
)  # fmt: skip
SOON = Limits(cpu_s=3, wall_s=6, memory_mb=1_500)


def text_of(pdf):
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return [page.get_textpage().get_text_range() for page in document]


def test_the_same_input_gives_the_same_bytes():
    parts, data = {"main.typ": HEAD + "#d.name"}, {"name": "髙橋 𠮷子 ①㈱～"}
    assert pages.typeset(parts, data) == pages.typeset(parts, data)
    assert text_of(pages.typeset(parts, data)) == ["髙橋 𠮷子 ①㈱～"]


def test_data_is_text_and_never_a_template():
    said = '#read("/etc/passwd") *b* $x$ #import "x" <label> \\ // /* '
    (shown,) = text_of(pages.typeset({"main.typ": HEAD + "#d.name"}, {"name": said}))
    assert shown.strip() == said.strip()


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("= Title\n#nothing", 2),
        ("#let f(n) = f(n + 1)\n#f(1)", 1),
        ('#read("/etc/passwd")', 1),
        ('#read("../../../../etc/passwd")', 1),
        ('#read("/proc/self/environ")', 1),
        ('#import "@preview/cetz:0.3.0"', 1),
        ('#plugin("/etc/passwd")', 1),
        ('#image("../../../../etc/passwd")', 1),
        ('#include "/etc/passwd"', 1),
        ('#json("/etc/passwd")', 1),
        ('#import ("@pre" + "view/cetz:0.3.0")', 1),
        ("#while true {}", 1),
        ("#let x = (", 1),
    ],
)
def test_what_is_wrong_in_a_template_is_said_with_its_line(source, line):
    with pytest.raises(TemplateWrong) as refused:
        pages.typeset({"main.typ": source}, {}, limits=SOON)
    assert refused.value.line == line
    assert " | " in str(refused.value)


def test_lines_and_columns_are_counted_from_one():
    with pytest.raises(TemplateWrong, match=r"2:4 unknown variable") as refused:
        pages.typeset({"main.typ": "= 表題\n日 #nothing"}, {})
    assert (refused.value.line, refused.value.column) == (2, 4)


def test_documents_of_several_files_are_put_where_they_belong():
    mark = "#for one in d.documents { [#context [#metadata(here().page())<daicho-document>]#one#pagebreak(weak: true)] }"
    files = [
        (pages.typeset_sheets({"main.typ": HEAD + mark}, {"documents": said}), places)
        for said, places in ((["a", "c", "e"], [0, 2, 4]), (["b", "d"], [1, 3]))
    ]
    whole = pages.gathered(files)
    assert text_of(whole) == ["a", "b", "c", "d", "e"]
    assert whole == pages.gathered(files)
    # One that does not say where its documents begin stands where its first belongs
    untold = (pages.typeset_sheets({"main.typ": HEAD + "x"}, {"documents": ["b", "d"]}), [1, 3])
    assert untold[0].begins == ()
    assert text_of(pages.gathered([files[0], untold])) == ["a", "x", "c", "e"]
    apart = [(files[0][0], [0, 1, 2]), (files[1][0], [3, 4])]
    assert text_of(pages.gathered(apart)) == ["a", "c", "e", "b", "d"]


@pytest.mark.parametrize(
    "said", ["(1, 1)", "(2, 3)", '("1", "2")', "(1,)", "(1, 2, 3)", "(1, 1000)", "(true, 2)"]
)
def test_a_template_that_lies_of_where_its_documents_begin_is_not_taken_apart(said):
    source = f"{HEAD}#for n in {said} {{ [#metadata(n)<daicho-document>] }} a #pagebreak() b"
    sheets = pages.typeset_sheets({"main.typ": source}, {"documents": ["a", "b"]})
    assert sheets.begins == ()


@pytest.mark.parametrize(
    "source",
    [
        "#for a in range(100000) { for b in range(100000) { } }",
        "#range(2000000000)",
        f"#plugin(bytes(({', '.join(map(str, LOOP))}))).f()",
        "#set page(width: auto)\n#for n in range(3000000) { [x] }",
        '#let s = "a" * 1000000\n#for n in range(100000) { s = s + s }',
    ],
)
def test_a_template_that_eats_time_or_memory_is_ended(source):
    with pytest.raises(TemplateEndless):
        pages.typeset({"main.typ": source}, {}, limits=SOON)


def test_what_is_made_may_not_be_too_large():
    small = Limits(cpu_s=10, wall_s=20, output_mb=1)
    with pytest.raises(TemplateTooLong):
        pages.typeset(
            {"main.typ": "#for n in range(4000) { [x#n #pagebreak()] }"}, {}, limits=small
        )


def test_of_many_pages_the_first_are_pictured():
    made = pages.pictures({"main.typ": "#for n in range(40) { [x#n #pagebreak()] }"}, {})
    assert made.pages > pages.PICTURES_MAX == len(made.shown)
    assert all(one.startswith(b"\x89PNG") for one in made.shown)


def test_a_template_may_not_be_endless_in_size():
    with pytest.raises(TemplateWrong):
        pages.typeset({"main.typ": "x" * (pages.TEMPLATE_MAX + 1)}, {})


def test_files_are_put_together_in_their_order():
    files = [pages.typeset({"main.typ": HEAD + "#d.n"}, {"n": str(n)}) for n in range(3)]
    whole = pages.merged(files)
    assert text_of(whole) == ["0", "1", "2"]
    assert whole == pages.merged(files)
    assert pages.merged(files[:1]) == files[0]


def test_what_the_law_keeps_is_an_archive_format():
    kept = pages.typeset({"main.typ": HEAD + "x"}, {}, standard=["a-2b"])
    assert b"pdfaid:part" in kept
