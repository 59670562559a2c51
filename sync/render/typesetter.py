"""The child process that sets type: one template with one document of data in, a PDF out.

Started by its path with `python -I`, so that it holds nothing of Daicho: no settings, no keys, no
connection. A template that loops or eats memory ends this process and nothing else.

Standard input is JSON: {root, fonts: [folder], cpu_s, memory_mb, standard}; `root` is a folder with
`main.typ`, what it includes, and `data.json`. Standard output is the PDF. Exit code 3 means that the
template is wrong: standard error is then JSON {message, diagnostic, hints}.
"""

import json
import resource
import sys

WRONG = 3
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
    compiler = typst.Compiler(
        input=f"{asked['root']}/main.typ",
        root=asked["root"],
        font_paths=fonts,
        ignore_system_fonts=True,
        # No packages: nothing is fetched from anywhere
        package_path=f"{asked['root']}/none",
        package_cache_path=f"{asked['root']}/none",
    )
    try:
        # The same input gives the same bytes
        made = compiler.compile(
            format="pdf", timestamp=0, pdf_tags=False, pdf_standards=asked["standard"]
        )
        if not isinstance(made, bytes):
            raise TypeError("a PDF is one file")
    except typst.TypstError as error:
        json.dump(
            {"message": error.message, "diagnostic": error.diagnostic, "hints": error.hints},
            sys.stderr,
        )
        return WRONG
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
