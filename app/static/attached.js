// The document that would go with a mail, said beside the mail.
import { one } from "./frame.js";

/** Return what writes an answer's document into its place; a mail without one says nothing. */
export const attachment = (place) => (found) => {
  one("span", place).textContent = found.attached ?? "";
  place.hidden = !found.attached;
  place.classList.toggle("msg-stop", Boolean(found.is_attached_wrong));
};
