"""Barcodes as SVG: black on nothing, one path, the same for the same text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import zint

BAR_HEIGHT: Final = 40.0
"""How high the bars of a Code 128 are, in units of half its narrowest bar; a template stretches them."""


def code128(text: str) -> str:
    """The bars of a text of ASCII letters, without the quiet zone and the text below; nothing for no text."""
    return _svg(text, zint.Symbology.CODE128, lambda _height: BAR_HEIGHT) if text else ""


def qr(text: str) -> str:
    """The QR code of a text, without its quiet zone of four modules; nothing for no text."""
    return _svg(text, zint.Symbology.QRCODE, lambda height: height) if text else ""


def _svg(text: str, symbology: zint.Symbology, stretched: Callable[[float], float]) -> str:
    symbol = zint.Symbol()
    symbol.symbology = symbology
    symbol.show_text = False
    symbol.encode(text)
    symbol.buffer_vector()
    drawn = symbol.vector
    height = stretched(drawn.height)
    path = "".join(
        f"M{one.x:g} {one.y:g}h{one.width:g}v{stretched(one.height):g}h-{one.width:g}z"
        for one in drawn.rectangles
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawn.width:g} {height:g}" '
        f'preserveAspectRatio="none" shape-rendering="crispEdges"><path d="{path}"/></svg>'
    )
