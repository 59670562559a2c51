// A text with line numbers beside it: the wrong line is marked, and can be gone to.

/** `at` counts letters of a line from 1, as whole letters. */
export const lined = (area, gutter) => {
  let wrong = 0;
  const number = () => {
    const lines = area.value.split("\n").length;
    while (gutter.children.length > lines) gutter.lastChild.remove();
    while (gutter.children.length < lines) gutter.append(document.createElement("li"));
    [...gutter.children].forEach((line, n) => line.classList.toggle("wrong", n + 1 === wrong));
    gutter.scrollTop = area.scrollTop;
  };
  area.addEventListener("input", number);
  area.addEventListener("scroll", () => { gutter.scrollTop = area.scrollTop; });
  return {
    number,
    mark: (line) => { wrong = line || 0; number(); },
    goTo: (line, at) => {
      const lines = area.value.split("\n");
      const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
      // Others count letters, the browser halves of them
      const place = start + [...(lines[line - 1] ?? "")].slice(0, Math.max(at - 1, 0)).join("").length;
      area.focus();
      area.setSelectionRange(place, place);
      const height = area.scrollHeight / Math.max(lines.length, 1);
      area.scrollTop = Math.max(0, (line - 1) * height - area.clientHeight / 2);
    },
  };
};
