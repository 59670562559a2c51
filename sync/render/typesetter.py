"""The child process that sets type: one template with one document of data in, a PDF out.

Started by its path with `python -I`, so that it holds nothing of Daicho: no settings, no keys, no
connection. A template that loops or eats memory ends this process and nothing else.

Standard input is JSON: {root, fonts: [folder], cpu_s, memory_mb, output_mb, standard, ppi, most, several, reads}; `root` is
a folder with `main.typ`, what it includes, and `data.json`. Standard output is a line of JSON
{begins, sizes, pages, texts} and then the files, one after the other: a PDF, or with `ppi` a picture of each page, so
many at most. `begins` are the pages on which the documents of the PDF begin, as `house.typ` marks them;
`texts`, with `reads`, is what the pages of each PDF say.
Exit code 3 means that the template is wrong: standard error is then JSON {message, diagnostic, hints}; 4 that what
it made is too large.
"""

import json
import resource
import sys

WRONG = 3
TOO_LONG = 4
MARK = "<daicho-document>"
MEGABYTE = 1024 * 1024


def main() -> int:
    asked = json.load(sys.stdin)
    for what, most in (
        (resource.RLIMIT_CPU, asked["cpu_s"]),
        (resource.RLIMIT_AS, asked["memory_mb"] * MEGABYTE),
        # It writes to its pipe alone
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    import typst  # noqa: PLC0415 - under the limits

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=asked["fonts"]
    )

    def compiler_of(root: str) -> typst.Compiler:
        return typst.Compiler(
            input=f"{root}/main.typ",
            root=root,
            font_paths=fonts,
            ignore_system_fonts=True,
            # No packages: nothing is fetched from anywhere
            package_path=f"{root}/none",
            package_cache_path=f"{root}/none",
        )

    begins = []
    try:
        if asked["several"]:
            made: bytes | list[bytes] | None = []
            for root in asked["several"]:
                one = compiler_of(root).compile(
                    format="pdf", timestamp=0, pdf_tags=False, pdf_standards=asked["standard"]
                )
                made.append(one if isinstance(one, bytes) else b"")
        elif asked["ppi"]:
            made = compiler_of(asked["root"]).compile(format="png", ppi=asked["ppi"])
        else:
            compiler = compiler_of(asked["root"])
            # The same input gives the same bytes
            made = compiler.compile(
                format="pdf", timestamp=0, pdf_tags=False, pdf_standards=asked["standard"]
            )
            begins = json.loads(compiler.query(MARK, field="value"))
        if made is None:
            raise TypeError("without a path the files come back")
    except typst.TypstError as error:
        json.dump(
            {"message": error.message, "diagnostic": error.diagnostic, "hints": error.hints},
            sys.stderr,
        )
        return WRONG
    files = made if isinstance(made, list) else [made]
    shown = files[: asked["most"]] if asked["ppi"] else files
    sizes = [len(each) for each in shown]
    if sum(sizes) > asked["output_mb"] * MEGABYTE:
        return TOO_LONG
    texts = [text_of(each) for each in files] if asked["reads"] else []
    head = {"begins": begins, "sizes": sizes, "pages": len(files), "texts": texts}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for each in shown:
        sys.stdout.buffer.write(each)
    return 0


def text_of(pdf: bytes) -> str:
    """What the pages say, as a reader would copy it from them."""
    import pypdfium2  # noqa: PLC0415 - under the limits

    file = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in file)


if __name__ == "__main__":
    sys.exit(main())
