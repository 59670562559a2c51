// The list of jobs shows how far they are without being reloaded; without this file a reload shows the same.
const FIRST_MS = 1000;
const MOST_MS = 10000;
const ENDED = new Set(["done", "failed", "cancelled"]);

const table = document.querySelector("[data-jobs-table]");
let wait = FIRST_MS;
let since = new Date(Date.now() - 60_000).toISOString();

function show(row, job) {
  row.querySelector('[data-part="state"]').textContent = job.state_label;
  const counts = job.of_all ? ` ${job.done.toLocaleString()} / ${job.of_all.toLocaleString()}` : "";
  const said = job.said || (ENDED.has(job.state) ? "" : `${job.step}${counts}`);
  const place = row.querySelector('[data-part="said"]');
  place.textContent = said;
  let bar = row.querySelector("progress");
  if (!bar && job.state === "running") {
    bar = document.createElement("progress");
    bar.className = "prog";
    bar.setAttribute("aria-label", job.label);
    place.before(bar);
  }
  if (bar && job.of_all) {
    bar.max = job.of_all;
    bar.value = job.done;
  }
}

async function look() {
  const url = new URL(table.dataset.jobsTable, location.href);
  url.searchParams.set("since", since);
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const told = await answer.json();
  since = told.at;
  let ended = false;
  for (const job of told.jobs) {
    const row = table.querySelector(`[data-job="${job.number}"]`);
    if (!row) continue;
    show(row, job);
    // What can be done with a job that has ended is another: its buttons come with the page.
    ended ||= ENDED.has(job.state) && !ENDED.has(row.dataset.state);
  }
  if (ended) location.reload();
  return told.running;
}

async function go() {
  let running = 0;
  try {
    running = await look();
    wait = running ? FIRST_MS : Math.min(wait * 2, MOST_MS);
  } catch {
    wait = Math.min(wait * 2, MOST_MS);
  }
  setTimeout(go, document.hidden ? MOST_MS : wait);
}

if (table) setTimeout(go, FIRST_MS);
