// A mail to chosen orders: how it reads for each of them, one after another.
import { attachment } from "./attached.js";
import { all, one } from "./frame.js";
import { framed } from "./framed.js";

for (const place of all("[data-mailing]")) {
  const orders = JSON.parse(place.dataset.orders);
  const said = one("[data-said]", place);
  const warning = one("[data-warning]", place);
  const told = attachment(one("[data-attached]", place));
  let at = 0;
  let newest = 0;

  const asked = () => {
    const form = new FormData();
    form.append("csrf_token", one('meta[name="csrf-token"]').content);
    form.append("template_code", place.dataset.code);
    form.append("sales_order_id", orders[at][0]);
    return form;
  };
  const show = async () => {
    const mine = ++newest;
    said.textContent = `${orders[at][1]} · ${(at + 1).toLocaleString()} / ${orders.length.toLocaleString()}`;
    let found = { subject: "", text: "", warning: place.dataset.lost };
    try {
      const answer = await fetch(place.dataset.mailing, { method: "POST", headers: { Accept: "application/json" }, body: asked() });
      if (answer.ok) found = await answer.json();
    } catch { /* said as lost */ }
    if (mine !== newest) return;
    one('[data-shown="subject"]', place).textContent = found.subject ?? "";
    one('[data-shown="text"]', place).textContent = found.text ?? "";
    one("span", warning).textContent = found.fault ?? found.warning ?? "";
    warning.hidden = !(found.fault || found.warning);
    told(found);
    const frames = one("[data-frames]", place);
    if (found.has_html) framed(frames, place.dataset.frame, asked(), place.dataset.htmlTitle);
    else frames.replaceChildren();
  };
  for (const button of all("[data-step]", place)) {
    button.disabled = orders.length < 2;
    button.addEventListener("click", () => {
      at = (at + Number(button.dataset.step) + orders.length) % orders.length;
      show();
    });
  }
  if (orders.length) show();
}
