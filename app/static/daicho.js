// What a page can do without this file it does; this only makes it quicker.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  for (const box of all("[data-all]")) {
    box.addEventListener("change", () => {
      for (const one of all(`[name="${box.dataset.all}"]`)) one.checked = box.checked;
    });
  }

  for (const button of all("[data-confirm]")) {
    button.addEventListener("click", (event) => {
      if (!window.confirm(button.dataset.confirm)) event.preventDefault();
    });
  }

  // A search field in front of a reference: typed words are looked up, the hidden field keeps the key.
  for (const input of all("[data-lookup]")) {
    const words = document.createElement("input");
    const list = document.createElement("ul");
    const wrap = document.createElement("span");
    wrap.className = "picker";
    list.className = "found";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.id = `${input.id}-found`;
    for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["autocomplete", "off"]]) words.setAttribute(name, value);
    words.className = input.className;
    words.id = input.id;
    words.value = input.dataset.label || input.value;
    if (input.hasAttribute("aria-invalid")) words.setAttribute("aria-invalid", "true");
    input.removeAttribute("id");
    input.type = "hidden";
    input.before(wrap);
    wrap.append(words, list, input);
    const note = wrap.nextElementSibling;
    if (note && note.classList.contains("nojs")) note.remove();
    let wait = 0, asked = 0, at = -1;

    const close = () => { list.hidden = true; words.setAttribute("aria-expanded", "false"); at = -1; };
    const choose = (item) => { input.value = item.dataset.key; words.value = item.textContent; close(); };
    const mark = (place) => {
      const items = all("li", list);
      if (!items.length) return;
      at = (place + items.length) % items.length;
      items.forEach((item, n) => item.setAttribute("aria-selected", String(n === at)));
      items[at].scrollIntoView({ block: "nearest" });
    };
    const find = async () => {
      const mine = ++asked;
      const url = new URL(input.dataset.lookup, location.href);
      url.searchParams.set("q", words.value);
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok || mine !== asked) return;
      const { result } = await answer.json();
      list.replaceChildren(...result.map(({ key, label }) => {
        const item = document.createElement("li");
        item.setAttribute("role", "option");
        item.dataset.key = key;
        item.textContent = label || key;
        item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(item); });
        return item;
      }));
      list.hidden = !result.length;
      words.setAttribute("aria-expanded", String(!list.hidden));
      at = -1;
    };
    words.addEventListener("input", () => {
      input.value = words.value.trim();  // a code or number typed by hand is taken as it is
      clearTimeout(wait);
      wait = setTimeout(find, 150);
    });
    words.addEventListener("focus", find);
    words.addEventListener("blur", close);
    words.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") { mark(at + 1); event.preventDefault(); }
      else if (event.key === "ArrowUp") { mark(at - 1); event.preventDefault(); }
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && at >= 0) { choose(all("li", list)[at]); event.preventDefault(); }
    });
  }
  const again = document.querySelector("[data-reload]");
  if (again) setTimeout(() => location.reload(), Number(again.dataset.reload) * 1000);
})();
