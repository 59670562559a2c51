// Templates of mails: variables offered while typing, a preview a moment after the last letter, the line that is wrong.
import { attachment } from "./attached.js";
import { all, one } from "./frame.js";
import { framed } from "./framed.js";
import { lined } from "./lined.js";

const WAIT_MS = 500;
const OFFERED = 8;

// ---- variables: a list that opens on {{ and narrows with each letter
const known = all("[data-insert]").map((button) => ({ name: button.dataset.insert, said: button.dataset.said }));
// What stands before the place where one types, inside a tag that is still open
const OPEN = /\{[{%]-?[^{}%]*?([a-z_]*(?:\.[a-z_]*)*)$/;

const offering = (field, words) => {
  const list = document.createElement("ul");
  list.className = "offer";
  list.id = `offer-${field.id}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words);
  field.parentElement.append(list);
  field.setAttribute("role", field.tagName === "INPUT" ? "combobox" : "textbox");
  if (field.tagName === "INPUT") field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  let at = 0;
  const close = () => {
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
    if (field.tagName === "INPUT") field.setAttribute("aria-expanded", "false");
  };
  const begun = () => OPEN.exec(field.value.slice(0, field.selectionStart))?.[1];
  const mark = (place) => {
    at = (place + list.children.length) % list.children.length;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    field.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const take = (name) => {
    const start = field.selectionStart - (begun()?.length ?? 0);
    const isOpen = begun() !== undefined;
    const before = field.value.slice(0, start);
    const after = field.value.slice(field.selectionStart);
    const closes = /^\s*-?[}%]/.test(after);
    const isValue = /\{\{-?\s*$/.test(before);
    const space = /\{\{-?$/.test(before) ? " " : "";
    const text = !isOpen ? `{{ ${name} }}` : space + name + (isValue && !closes ? " }}" : "");
    field.setRangeText(text, start, field.selectionStart, "end");
    field.focus();
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const look = () => {
    const word = begun();
    const near = word === undefined ? [] : known.filter((one) => one.name.includes(word) && one.name !== word).slice(0, OFFERED);
    if (!near.length) return close();
    list.replaceChildren(...near.map(({ name, said }, n) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${n}`;
      option.setAttribute("role", "option");
      const code = document.createElement("b");
      code.textContent = name;
      const sub = document.createElement("span");
      sub.className = "sub";
      sub.textContent = said;
      option.append(code, sub);
      option.addEventListener("mousedown", (event) => { event.preventDefault(); take(name); });
      return option;
    }));
    list.hidden = false;
    if (field.tagName === "INPUT") field.setAttribute("aria-expanded", "true");
    return mark(0);
  };
  field.addEventListener("input", (event) => { if (event.isTrusted) look(); });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at - 1);
    else if (event.key === "Enter" || event.key === "Tab") take(one("b", list.children[at]).textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return take;
};

for (const form of all("form[data-mail-edit]")) {
  const fields = all("[data-part]", form).filter((field) => field !== form);
  const fault = one("[data-fault]", form);
  const said = one("[data-said]");
  const warning = one("[data-warning]");
  const parts = Object.fromEntries(fields.map((field) => {
    const gutter = one("[data-gutter]", field.parentElement);
    return [field.name, { field, text: gutter && lined(field, gutter), take: offering(field, form.dataset.kinds) }];
  }));
  let last = parts.text.field;
  const began = () => fields.map((field) => field.value).join("\0");
  const first = began();
  let wrong = { part: form.dataset.part ?? "", line: Number(form.dataset.line ?? 0) };
  let waiting = 0;
  let newest = 0;
  let sending = false;

  const mark = () => {
    for (const [name, { field, text }] of Object.entries(parts)) {
      text?.mark(name === wrong.part ? wrong.line : 0);
      field.classList.toggle("is-invalid", name === wrong.part && wrong.line > 0 && !text);
    }
  };
  const tell = (sentence, part, line) => {
    wrong = { part: part ?? "", line: line ?? 0 };
    fault.replaceChildren();
    if (sentence && wrong.line) {
      const go = document.createElement("button");
      go.type = "button";
      go.className = "btn btn-sm";
      go.dataset.goto = "";
      go.textContent = sentence;
      fault.append(go);
    } else fault.textContent = sentence;
    mark();
  };
  const told = attachment(one("[data-attached]"));
  const draw = (found) => {
    one('[data-shown="subject"]').textContent = found.subject;
    one('[data-shown="text"]').textContent = found.text;
    one("span", warning).textContent = found.warning;
    warning.hidden = !found.warning;
    told(found);
    said.textContent = found.order || form.dataset.sample;
    const frames = one("[data-frames]");
    if (found.has_html) framed(frames, form.dataset.frame, new FormData(form), form.dataset.htmlTitle);
    else frames.replaceChildren();
  };
  const ask = async () => {
    // Nobody has written anything yet
    if (!fields.some((field) => field.value)) return;
    const mine = ++newest;
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form) });
      const found = await answer.json();
      if (mine !== newest) return;
      if (!answer.ok) tell(found.message ?? form.dataset.lost);
      else if (found.fault) tell(found.fault, found.part, found.line);
      else { tell(""); draw(found); }
    } catch {
      said.textContent = form.dataset.lost;
    }
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MS);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  one("[name=order_no]")?.addEventListener("input", soon);
  for (const field of fields) field.addEventListener("focus", () => { last = field; });
  for (const button of all("[data-insert]", form)) button.addEventListener("click", () => parts[last.name].take(button.dataset.insert));
  fault.addEventListener("click", (event) => {
    if (!event.target.closest("[data-goto]") || !wrong.line) return;
    const { field, text } = parts[wrong.part];
    const fold = field.closest("details");
    if (fold) fold.open = true;
    if (text) text.goTo(wrong.line, 1);
    else field.focus();
  });
  const trying = one("[data-try]");
  trying?.addEventListener("click", async () => {
    const tried = one("[data-tried]");
    trying.disabled = true;
    tried.className = "";
    tried.textContent = trying.dataset.trying;
    try {
      const answer = await fetch(trying.dataset.try, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form) });
      const found = await answer.json();
      tried.className = found.is_well ? "t-ok" : "t-stop";
      tried.textContent = found.message ?? form.dataset.lost;
    } catch {
      tried.className = "t-stop";
      tried.textContent = form.dataset.lost;
    }
    trying.disabled = false;
  });
  form.addEventListener("submit", () => { sending = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && began() !== first) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  mark();
  ask();
}
