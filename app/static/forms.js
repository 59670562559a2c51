// Templates of documents: line numbers, a preview a moment after the last letter, the line that is wrong.
import { all, one } from "./frame.js";
import { lined } from "./lined.js";

const WAIT_MS = 600;
const AGAIN_MS = 1500;

for (const form of all("form[data-form-edit]")) {
  const area = one("textarea", form);
  const gutter = one("[data-gutter]", form);
  const fault = one("[data-fault]", form);
  const said = one("[data-said]");
  const sheets = one("[data-sheets]");
  const order = one("[name=order_no]");
  const began = area.value;
  let wrong = Number(form.dataset.line ?? 0);
  let column = Number(form.dataset.column ?? 0);
  let waiting = 0;
  let isAsking = false;
  let isWanted = false;
  let sending = false;

  const lines = lined(area, gutter);
  const tell = (sentence, line, at) => {
    wrong = line || 0;
    column = at || 0;
    fault.replaceChildren();
    if (sentence && line) {
      const go = document.createElement("button");
      go.type = "button";
      go.className = "btn btn-sm";
      go.dataset.goto = "";
      go.textContent = sentence;
      fault.append(go);
    } else fault.textContent = sentence;
    lines.mark(wrong);
  };
  const draw = (answer) => {
    sheets.replaceChildren(...answer.pictures.map((source, n) => {
      const picture = new Image();
      picture.src = source;
      picture.alt = form.dataset.page.replace("#", n + 1);
      return picture;
    }));
    said.textContent = [answer.order || form.dataset.sample, form.dataset.made.replace("#", answer.pages)].filter(Boolean).join(" · ");
  };
  const ask = async () => {
    if (isAsking) { isWanted = true; return; }
    isAsking = true;
    isWanted = false;
    said.textContent = form.dataset.making;
    let again = 0;
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form) });
      const found = await answer.json();
      if (answer.status === 429) { said.textContent = found.message; again = AGAIN_MS; }
      else if (!answer.ok) { said.textContent = ""; tell(found.message ?? form.dataset.lost); }
      else {
        tell(found.fault, found.line, found.column);
        if (found.pictures) draw(found);
        else said.textContent = "";
      }
    } catch {
      said.textContent = form.dataset.lost;
    }
    isAsking = false;
    if (isWanted || again) setTimeout(ask, again);
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MS);
  };
  area.addEventListener("input", soon);
  order?.addEventListener("input", soon);
  fault.addEventListener("click", (event) => {
    if (event.target.closest("[data-goto]") && wrong) lines.goTo(wrong, column);
  });
  form.addEventListener("submit", () => { sending = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && area.value !== began) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(one('button[value="draft"]'));
    }
  });
  lines.mark(wrong);
  ask();
}
