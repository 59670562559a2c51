// A search field in front of a reference: typed words are looked up at the server, the hidden field keeps the key.
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

const start = (input) => {
  const words = document.createElement("input");
  const list = document.createElement("ul");
  const wrap = document.createElement("span");
  wrap.className = "picker";
  list.className = "look";
  list.hidden = true;
  list.id = `${input.id || input.name}-found`;
  list.setAttribute("role", "listbox");
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"], ["autocomplete", "off"]]) words.setAttribute(name, value);
  for (const name of ["aria-label", "aria-invalid", "aria-describedby", "placeholder", "form", "required"]) if (input.hasAttribute(name)) words.setAttribute(name, input.getAttribute(name));
  list.setAttribute("aria-label", input.getAttribute("aria-label") || one(`label[for="${CSS.escape(input.id)}"]`)?.textContent.trim() || "");
  words.className = input.className;
  words.id = input.id;
  words.value = input.dataset.label || input.value;
  words.defaultValue = words.value;
  input.removeAttribute("id");
  input.removeAttribute("required");
  delete input.dataset.lookupWaits;
  input.type = "hidden";
  input.before(wrap);
  wrap.append(words, list, input);
  const note = wrap.nextElementSibling;
  if (note?.classList.contains("nojs")) note.remove();
  let timer = 0, asked = 0;

  const items = () => all("li", list);
  const at = () => items().findIndex((item) => item.getAttribute("aria-selected") === "true");
  const close = () => {
    list.hidden = true;
    words.setAttribute("aria-expanded", "false");
    words.removeAttribute("aria-activedescendant");
  };
  const changed = () => input.dispatchEvent(new Event("change", { bubbles: true }));
  const choose = (item) => {
    input.value = item.dataset.key;
    words.value = item.textContent;
    close();
    changed();
  };
  const mark = (place) => {
    const found = items();
    if (!found.length) return;
    const now = (place + found.length) % found.length;
    found.forEach((item, n) => item.setAttribute("aria-selected", String(n === now)));
    words.setAttribute("aria-activedescendant", found[now].id);
    found[now].scrollIntoView({ block: "nearest" });
  };
  const find = async () => {
    const mine = ++asked;
    const url = new URL(input.dataset.lookup, location.href);
    url.searchParams.set("q", words.value);
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok || mine !== asked) return;
    const { result } = await answer.json();
    list.replaceChildren(...result.map(({ key, label }, n) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${n}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.key = key;
      item.textContent = label || key;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(item); });
      return item;
    }));
    list.hidden = !result.length;
    words.setAttribute("aria-expanded", String(!list.hidden));
  };
  words.addEventListener("input", () => {
    input.value = words.value.trim();  // a code or number typed by hand is taken as it is
    changed();
    clearTimeout(timer);
    timer = setTimeout(find, 150);
  });
  words.addEventListener("focus", () => { words.select(); find(); });
  words.addEventListener("blur", close);
  words.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { if (list.hidden) find(); else mark(at() + 1); }
    else if (event.key === "ArrowUp") mark(at() - 1);
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && at() >= 0 && !list.hidden) choose(items()[at()]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
};

/** Make every reference field below `root` one that searches. */
export const startLookups = (root) => {
  for (const input of all("input[data-lookup]:not([type=hidden])", root)) start(input);
};
