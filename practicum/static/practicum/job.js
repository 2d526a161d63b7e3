// Asks how far a job is, and shows the page anew once it is over.

const EVERY = 1500; // milliseconds

/** What the bar shows of a job's figures. */
export function shown({ done, total }) {
  return { max: total || 1, value: Math.min(done, total || 1) };
}

async function ask(root) {
  const answer = await fetch(root.dataset.job, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const job = await answer.json();
  if (job.is_over) {
    window.location.reload();
    return;
  }
  const bar = root.querySelector("progress");
  if (bar) Object.assign(bar, shown(job));
  setTimeout(ask, EVERY, root);
}

if (typeof document !== "undefined") {
  const root = document.querySelector("[data-job]:not([data-over])");
  if (root) setTimeout(ask, EVERY, root);
}
