// Forms: what was changed, a warning before it is lost, saving by the keyboard.
import { all, one } from "./frame.js";
import { startLookups } from "./lookup.js";

for (const form of all("form[data-guard]")) {
  const fields = () => all("input:not([type=hidden]), select, textarea", form);
  const began = new Map(fields().map((field) => [field, field.type === "checkbox" ? field.checked : field.value]));
  // What a refused form brought back is not saved, though the page began with it
  const kept = new Set(JSON.parse(form.dataset.unsavedFields ?? "[]"));
  const said = one("[data-unsaved]", form);
  const plain = said?.textContent;
  let sending = false;
  const removed = () => all("[data-line][hidden] [data-removed]", form);
  const changed = () => [...removed(), ...fields().filter((field) => kept.has(field.id) || began.get(field) !== (field.type === "checkbox" ? field.checked : field.value))];
  const show = () => {
    const now = changed();
    for (const label of all(".fld > label", form)) {
      const field = document.getElementById(label.htmlFor);
      const is = now.includes(field);
      label.parentElement.classList.toggle("changed", is);
      if (is) label.dataset.changed = form.dataset.changed ?? "";
    }
    if (said) said.textContent = now.length ? said.dataset.some.replace("#", now.length) : plain;
  };
  // Reference fields are rebuilt by the frame after this module has begun
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("input, select, textarea") && !began.has(event.target)) began.set(event.target, event.target.defaultValue ?? event.target.value);
  });
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("submit", () => { sending = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && (changed().length || one(".is-invalid", form))) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  if (kept.size) show();
  one(".is-invalid", form)?.focus();

  // Lines: a new one from the page's template, a removed one is only marked until the form is saved
  for (const lines of all("[data-lines]", form)) {
    let next = 1000;
    one("[data-add]", lines)?.addEventListener("click", () => {
      const made = one("template", lines).content.firstElementChild.cloneNode(true);
      const place = next++;
      for (const part of all("[name], [id], label[for]", made)) {
        for (const name of ["name", "id", "for", "aria-describedby"]) {
          if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace("-9999-", `-${place}-`));
        }
      }
      one("tbody", lines).append(made);
      startLookups(made);
      one("input:not([type=hidden]), select", made)?.focus();
      show();
    });
    lines.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove]");
      if (!button) return;
      const line = button.closest("[data-line]");
      one("[data-removed]", line).value = "1";
      line.hidden = true;
      one("[data-add]", lines)?.focus();
      show();
    });
  }
}
