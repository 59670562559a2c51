// Forms: what was changed, a warning before it is lost, saving by the keyboard.
import { all, one } from "./frame.js";

for (const form of all("form[data-guard]")) {
  const fields = () => all("input:not([type=hidden]), select, textarea", form);
  const began = new Map(fields().map((field) => [field, field.type === "checkbox" ? field.checked : field.value]));
  const said = one("[data-unsaved]", form);
  const plain = said?.textContent;
  let sending = false;
  const changed = () => fields().filter((field) => began.get(field) !== (field.type === "checkbox" ? field.checked : field.value));
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
  one(".is-invalid", form)?.focus();
}
