// What every page shares: search box, palette, shortcuts, messages, counts. A page works without it, more slowly.
import { startLookups } from "./lookup.js";

export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const one = (selector, root = document) => root.querySelector(selector);
export const json = async (address, options = {}) => {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, ...options });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};
/** Take over the key of a session that began in another tab; whether there is one. */
export const freshKey = async () => {
  const answer = await fetch(one("[data-login]").dataset.login);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = one('meta[name="csrf-token"]', page)?.content;
  if (!found) return false;
  one('meta[name="csrf-token"]').content = found;
  for (const input of all('input[name="csrf_token"]')) input.value = found;
  return true;
};
const TOAST_MS = 20_000;
const LOOK_AGAIN_MS = 30_000;
const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");

// Two letters, or one that is a word, as 林 or 茶
const isShort = (words) => words.length < 2 && words < "\u0300";
// ---- lists of suggestions: arrow keys, Enter, a link each
const pick = (input, list) => {
  const options = () => all('[role="option"]', list);
  const mark = (place) => {
    const found = options();
    found.forEach((option, n) => option.setAttribute("aria-selected", String(n === place)));
    if (found[place]) {
      input.setAttribute("aria-activedescendant", found[place].id);
      found[place].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const at = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");
  input.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "ArrowDown" && count) mark((at() + 1) % count);
    else if (event.key === "ArrowUp" && count) mark((at() - 1 + count) % count);
    else if (event.key === "Enter" && at() >= 0) options()[at()].click();
    else return;
    event.preventDefault();
  });
  return mark;
};

const suggestions = (groups, prefix) => groups.filter((group) => group.items.length).flatMap((group, g) => {
  const head = document.createElement("h3");
  head.textContent = group.label;
  head.setAttribute("role", "presentation");
  return [head, ...group.items.map((item, n) => {
    const link = document.createElement("a");
    link.href = item.href;
    link.id = `${prefix}-${g}-${n}`;
    link.tabIndex = -1;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    const title = document.createElement("span");
    title.textContent = item.title;
    link.append(title);
    if (item.detail) {
      const detail = document.createElement("span");
      detail.className = "sub";
      detail.textContent = item.detail;
      link.append(detail);
    }
    return link;
  })];
});

const asked = (address, words) => {
  const url = new URL(address, location.href);
  url.searchParams.set("q", words);
  return json(url).then((answer) => answer.groups);
};

const later = (ms, act) => {
  let timer = 0;
  return (...given) => { clearTimeout(timer); timer = setTimeout(() => act(...given), ms); };
};

// ---- one search box over everything
const box = one("form.find");
if (box) {
  const input = one("input", box);
  const list = document.createElement("div");
  list.className = "found";
  list.id = "found";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label"));
  box.append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", "found");
  input.setAttribute("aria-expanded", "false");
  const mark = pick(input, list);
  const close = () => { list.replaceChildren(); input.setAttribute("aria-expanded", "false"); mark(-1); };
  let newest = 0;
  const look = later(160, async () => {
    const mine = ++newest;
    const words = input.value.trim();
    if (isShort(words)) return close();
    try {
      const groups = await asked(box.dataset.find, words);
      if (mine !== newest) return;
      list.replaceChildren(...suggestions(groups, "found"));
      input.setAttribute("aria-expanded", String(list.childElementCount > 0));
    } catch { close(); }  // the page behind Enter says what is wrong
  });
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => { if (event.key === "Escape") { close(); input.blur(); } });
  input.addEventListener("blur", () => setTimeout(close, 150));
}

// ---- palette and shortcut sheet
const palette = one("dialog[data-palette]");
const sheet = one("dialog[data-sheet]");
if (palette?.dataset.palette) {
  const input = one("input", palette);
  const list = one(".list", palette);
  const mark = pick(input, list);
  let pages = null;
  let newest = 0;
  const fits = (title, words) => words.every((word) => title.toLowerCase().includes(word));
  const draw = later(80, async () => {
    const mine = ++newest;
    const typed = input.value.trim();
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    pages ??= await json(palette.dataset.palette).then((answer) => answer.groups);
    const near = pages.map((group) => ({ ...group, items: group.items.filter((item) => fits(`${item.title} ${item.detail ?? ""}`, words)).slice(0, 8) }));
    const rows = isShort(typed) ? [] : await asked(palette.dataset.find, typed).catch(() => []);
    if (mine !== newest) return;
    list.replaceChildren(...suggestions([...near, ...rows], "palette"));
    if (!list.childElementCount) list.textContent = list.dataset.none;
    mark(0);
  });
  input.addEventListener("input", draw);
  palette.addEventListener("close", () => { input.value = ""; });
  palette.open_ = () => { palette.showModal(); input.focus(); draw(); };
}
one("[data-keys]")?.addEventListener("click", () => sheet.showModal());

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette?.open_) {
    palette.open_();
    return event.preventDefault();
  }
  if (event.key === "Escape") {
    const open = event.target.closest("details.pop[open]") ?? (one("dialog[open]") ? null : one("details.pop[open]"));
    if (open) { open.open = false; one("summary", open).focus(); }
    return undefined;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("dialog[open]")) return undefined;
  if (event.key === "/" && box) one("input", box).focus();
  else if (event.key === "?" && sheet) sheet.showModal();
  else {
    const button = one(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return undefined;
    button.focus();
    button.click();
  }
  return event.preventDefault();
});

// ---- popovers close when one looks elsewhere
document.addEventListener("click", (event) => {
  for (const open of all("details.pop[open]")) if (!open.contains(event.target)) open.open = false;
});

// ---- menu on phones
one("[data-menu]")?.addEventListener("click", (event) => {
  const open = document.body.classList.toggle("menu-open");
  event.currentTarget.setAttribute("aria-expanded", String(open));
});

// ---- messages
for (const toast of all("[data-toast]")) {
  one("[data-close]", toast).addEventListener("click", () => toast.remove());
  setTimeout(() => toast.remove(), TOAST_MS);
}

// ---- pages that wait for something look again by themselves
const waits = one("[data-reload]");
if (waits) setTimeout(() => location.reload(), Number(waits.dataset.reload) * 1000);

// ---- files that would be refused are told of before they are sent
for (const input of all("input[type=file][data-max]")) {
  const said = one("[data-too-large]", input.parentElement);
  input.addEventListener("change", () => {
    const large = [...input.files].some((file) => file.size > Number(input.dataset.max));
    said.hidden = !large;
    input.setCustomValidity(large ? said.textContent.trim() : "");
  });
}

// ---- questions before what cannot be taken back
for (const button of all("[data-confirm]")) {
  button.addEventListener("click", (event) => {
    if (!window.confirm(button.dataset.confirm)) event.preventDefault();
  });
}
for (const select of all("[data-goes]")) select.addEventListener("change", () => select.form.requestSubmit());

// ---- counts, in one later request
export const countsInto = (counts, root = document) => {
  for (const place of all("[data-count]", root)) {
    const kept = counts[place.dataset.count];
    if (kept === undefined) continue;
    place.textContent = kept.count === null ? "" : kept.more ? `${kept.count.toLocaleString()}+` : kept.count.toLocaleString();
    if (kept.age) place.title = kept.age;
    place.classList.toggle("due", place.classList.contains("due") && kept.count > 0);
  }
};
const side = one("nav.side[data-counts]");
const count = async () => {
  if (document.hidden) return;
  try { countsInto((await json(side.dataset.counts)).counts); } catch { /* the next time */ }
};
if (side) {
  count();
  setInterval(count, LOOK_AGAIN_MS);
}

// ---- running jobs
const jobs = one("[data-jobs]");
const jobsNow = async () => {
  if (document.hidden) return;
  try {
    const { running } = await json(jobs.dataset.jobs);
    const said = one("[data-jobs-said]", jobs);
    said.dataset.plain ??= said.textContent;
    said.textContent = running ? said.dataset.jobsSaid.replace("#", running) : said.dataset.plain;
  } catch { /* the next time */ }
};
if (jobs) {
  jobsNow();
  setInterval(jobsNow, LOOK_AGAIN_MS);
}

startLookups(document);
