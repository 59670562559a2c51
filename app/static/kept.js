// What could not be sent goes along with the key of the session that began meanwhile in another tab.
import { freshKey, one } from "./frame.js";

const form = one("form[data-again]");
let ready = false;
form.addEventListener("submit", async (event) => {
  if (ready) return;
  event.preventDefault();
  // Without one it is sent as it is: the answer keeps it again, and says what is wrong
  try { await freshKey(); } catch { /* not reachable: so says the answer */ }
  ready = true;
  form.requestSubmit();
});
one("a.btn, button", form).focus();
