// A row's page: lists and history that come when they are looked at.
import { all, one } from "./frame.js";

const AGAIN_MS = 2000;
const HIDDEN_MS = 30_000;

const load = async (place) => {
  const address = place.dataset.lazy;
  delete place.dataset.lazy;
  const answer = await fetch(address);
  if (!answer.ok) return place.remove();
  const made = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
  place.replaceWith(made);
  // What still moves is looked at again, while somebody looks
  if (made.dataset.again) {
    made.dataset.lazy = made.dataset.again;
    setTimeout(() => watch.observe(made), document.hidden ? HIDDEN_MS : AGAIN_MS);
  }
  return made;
};
const watch = new IntersectionObserver((seen) => {
  for (const entry of seen) if (entry.isIntersecting) { watch.unobserve(entry.target); load(entry.target); }
}, { rootMargin: "200px" });
for (const place of all("[data-lazy]")) watch.observe(place);
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "h" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const history = one("#history");
  history?.scrollIntoView({ block: "start" });
  history?.focus();
});
