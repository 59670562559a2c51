// The list: selecting rows, counts that come later, keys, editing a cell in place.
import { all, freshKey, json, one } from "./frame.js";
import { startLookups } from "./lookup.js";

const form = one("#rows");
const table = one("table.stick", form);
const bar = one("[data-selected]", form);
const boxes = () => all('input[name="rowid"]', table);
const page = one("[data-page]", table);
const every = one('input[name="all"]', form);
let total = "";

// ---- selection
const show = () => {
  const chosen = boxes().filter((box) => box.checked);
  if (chosen.length < boxes().length) every.value = "";
  bar.hidden = !chosen.length;
  page.checked = chosen.length > 0 && chosen.length === boxes().length;
  page.indeterminate = chosen.length > 0 && !page.checked;
  one("[data-said]", bar).textContent = every.value ? bar.dataset.every.replace("#", total) : bar.dataset.some.replace("#", chosen.length);
  one("button[data-every]", bar).hidden = Boolean(every.value) || !page.checked;
  table.classList.toggle("all-on", Boolean(every.value));
  for (const box of boxes()) box.closest("tr").classList.toggle("on", box.checked && !every.value);
};
const select = (on) => { for (const box of boxes()) box.checked = on; show(); };
page.addEventListener("change", () => select(page.checked));
table.addEventListener("change", (event) => { if (event.target.name === "rowid") show(); });
one("button[data-every]", bar).addEventListener("click", () => { select(true); every.value = "1"; show(); });
one("[data-none]", bar).addEventListener("click", () => { every.value = ""; select(false); });
for (const button of all("[data-bulk]", bar)) {
  // One row or the chosen ones are acted on at once; all that match go through a preview
  button.addEventListener("click", () => { if (every.value && button.dataset.bulk) button.formAction = button.dataset.bulk; });
}
show();

// ---- counts and facets, after the page is there
const list = one("[data-list]");
json(list.dataset.later).then((counted) => {
  total = counted.said;
  one("[data-total]", list).textContent = counted.said;
  for (const place of all("[data-facet]", list)) {
    const count = counted.facets[place.dataset.facet]?.[place.dataset.value];
    place.textContent = count === undefined ? "" : count.toLocaleString() + (counted.limited ? "+" : "");
  }
  show();
}).catch(() => { one("[data-total]", list).textContent = ""; });

// ---- conditions: empty ones do not stand in the address
for (const facets of all("form[data-facets]")) {
  facets.addEventListener("submit", (event) => {
    if (event.submitter?.matches("[data-clear]")) for (const input of all("input:not([type=hidden]), select", facets)) { input.checked = false; if (input.type !== "checkbox" && input.type !== "radio") input.value = ""; }
    for (const input of all("input", facets)) if (input.value === "" && input.type !== "hidden") input.disabled = true;
    for (const input of all(".picker input[type=hidden]", facets)) if (input.value === "") input.disabled = true;
    setTimeout(() => { for (const input of all("input", facets)) input.disabled = false; });
  });
}
for (const button of all("[data-opens]")) button.addEventListener("click", () => one(`#${button.dataset.opens}`).showModal());
one("dialog[data-open]")?.showModal();
for (const button of all("[data-dismiss]")) button.addEventListener("click", () => button.closest("dialog").close());

// ---- one cell in place
const close = (cell) => { cell.replaceChildren(...cell.kept); delete cell.kept; cell.focus(); };
const edit = async (cell) => {
  if (cell.kept) return;
  cell.kept = [...cell.childNodes];
  const url = new URL(cell.dataset.edit, location.href);
  url.searchParams.set("column", cell.dataset.column);
  const answer = await fetch(url);
  if (answer.redirected) return location.reload();  // the session has ended: the page says so
  if (!answer.ok) return close(cell);
  const made = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
  cell.replaceChildren(made);
  startLookups(cell);
  const input = one("input:not([type=hidden]), select, textarea", cell);
  input.focus();
  input.select?.();
  const send = () => {
    const body = new FormData(made);
    body.set("csrf_token", one('meta[name="csrf-token"]').content);
    return fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  };
  const save = async () => {
    let saved = await send();
    if (saved.status === 400 && await freshKey()) saved = await send();
    const said = await saved.json();
    if (!saved.ok) {
      const why = one(".err", made);
      why.textContent = said.message;
      if (said.sign_in) {
        const link = document.createElement("a");
        Object.assign(link, { href: said.sign_in.href, textContent: said.sign_in.said, target: "_blank" });
        why.append(" ", link);
      }
      if (said.seen) one("[name=_seen]", made).value = said.seen;
      return input.focus();
    }
    close(cell);
    cell.textContent = said.said;
    return tell(said);
  };
  made.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  let byKey = false;
  input.addEventListener("pointerdown", () => { byKey = false; });
  input.addEventListener("keydown", (event) => {
    byKey = true;
    if (event.key === "Enter" && input.tagName !== "TEXTAREA") { event.preventDefault(); save(); }
    if (event.key === "Escape") { event.stopPropagation(); close(cell); }
  });
  // By mouse a choice is final; arrow keys only pass over it on their way
  if (input.tagName === "SELECT") input.addEventListener("change", () => { if (!byKey) save(); });
  return undefined;
};
const tell = ({ done, undo }) => {
  one("[data-toast]")?.remove();
  const toast = document.createElement("div");
  toast.className = "toast-u";
  toast.setAttribute("role", "status");
  toast.dataset.toast = "";
  const said = document.createElement("span");
  said.textContent = done;
  toast.append(said);
  if (undo) {
    const undoing = document.createElement("form");
    undoing.method = "post";
    undoing.action = undo.href;
    for (const [name, value] of [["csrf_token", one('meta[name="csrf-token"]').content], ["next", location.pathname + location.search]]) {
      const hidden = document.createElement("input");
      Object.assign(hidden, { type: "hidden", name, value });
      undoing.append(hidden);
    }
    const button = document.createElement("button");
    button.className = "btn btn-sm";
    button.dataset.key = "z";
    button.textContent = undo.said;
    undoing.append(button);
    toast.append(undoing);
  }
  document.body.append(toast);
  setTimeout(() => toast.remove(), 20_000);
};
for (const cell of all("td[data-edit]", table)) {
  cell.tabIndex = -1;
  cell.addEventListener("dblclick", () => edit(cell));
}

// ---- keys: a cursor over the rows
let at = -1;
const rows = () => all("tbody tr", table);
const move = (place) => {
  const found = rows();
  if (!found.length) return;
  found[at]?.classList.remove("cursor");
  at = Math.max(0, Math.min(found.length - 1, place));
  found[at].classList.add("cursor");
  (one("a", found[at]) ?? found[at]).focus({ preventScroll: true });
  found[at].scrollIntoView({ block: "nearest" });
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]") || event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  const row = rows()[at];
  const key = event.key.toLowerCase();
  if (key === "j") move(at + 1);
  else if (key === "k") move(at - 1);
  else if (key === "a") select(!page.checked);
  else if (key === "x" && row) { const box = one('input[name="rowid"]', row); if (box) { box.checked = !box.checked; show(); } }
  else if (key === "e" && row) { const cell = one("td[data-edit]:focus", row) ?? one("td[data-edit]", row); if (cell) edit(cell); }
  else if ((key === "arrowright" || key === "arrowleft") && row) {
    const cells = all("td[data-edit]", row);
    const place = cells.indexOf(document.activeElement) + (key === "arrowright" ? 1 : -1);
    cells[Math.max(0, Math.min(cells.length - 1, place))]?.focus();
  }
  else if (event.key === "Enter" && row && event.target.closest("tr") === row && !event.target.closest("a, button, summary")) location.href = row.dataset.row;
  else return;
  event.preventDefault();
});
