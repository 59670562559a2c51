// Own columns: a form asks only for what its kind of column needs.
import { all, one } from "./frame.js";

for (const form of all("form[data-own]")) {
  const kind = one("[name=kind]", form);
  const show = () => {
    for (const part of all("[data-kind]", form)) part.hidden = part.dataset.kind !== kind.value;
    const some = one("[data-some]", form);
    if (some) some.hidden = !one("[name=seen_by][value=some]", form).checked;
  };
  form.addEventListener("change", show);
  show();
}
