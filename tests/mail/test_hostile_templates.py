"""A template without end, or one that asks for too much, is refused at once and with its line."""

import time

import pytest

from sync.render.mails import MailTemplateWrong, Template, check

KNOWN = ("order.no", "lines", "lines.name")
HOSTILE = {
    "a long range joined": "{% assign x = (1..100000000) | join: ',' %}",
    "a long range summed": "\n{{ (1..300000000) | sum }}",
    "a range searched": "{% if (1..900000000) contains 'x' %}{% endif %}",
    "a range backwards": "{% for a in (1..99999999999) reversed %}{{ a }}{% endfor %}",
    "a range inside a tag of many lines": "{% liquid\nassign x = (1..90000000) | join: ','\n%}",
    "a text doubled": "{% assign s = 'aaaaaaaaaaaaaaaa' %}" + "{% assign s = s | append: s %}" * 40,
    "a class": "{{ order.__class__ }}",
    "another template": "{% include 'x' %}",
    "too deep": "{% if true %}" * 200 + "{% endif %}" * 200,
    "nothing divided": "{{ 1 | divided_by: 0 }}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_it_is_refused_with_its_line(text: str) -> None:
    began = time.monotonic()
    with pytest.raises(MailTemplateWrong) as refused:
        check(Template(subject="s", text=f"{text}\n."), KNOWN)
    assert refused.value.part == "text"
    assert refused.value.line is not None
    assert time.monotonic() - began < 1


def test_a_list_is_still_looped_over() -> None:
    text = "{% for line in lines %}{{ line.name }}{% endfor %}"
    assert check(Template(subject="s", text=text), KNOWN) == ["lines", "lines.name"]
