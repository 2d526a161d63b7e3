// Follows long work while it lasts, and shows the page anew once it is over.

const PAUSE = 1000; // milliseconds between two questions
const LONGEST_PAUSE = 15000;

/** The sentence of how far it is; empty while that is not known. */
export function describeCount(template, done, total) {
  return total ? template.replace("DONE", done).replace("TOTAL", total) : "";
}

/** How long to wait before asking again: longer after each failure, so that a busy school rests. */
export function nextPause(failures) {
  return Math.min(LONGEST_PAUSE, PAUSE * 2 ** failures);
}

function show(sheet, standing) {
  const bar = sheet.querySelector("progress");
  const count = sheet.querySelector("[data-count]");
  sheet.querySelector("[data-label]").textContent = standing.label;
  const left = sheet.querySelector("[data-left]");
  count.textContent = describeCount(count.dataset.template, standing.done, standing.total);
  if (left) left.textContent = standing.left ?? "";
  if (standing.total) {
    bar.max = standing.total;
    bar.value = standing.done;
  }
}

async function follow(sheet) {
  let failures = 0;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, nextPause(failures)));
    try {
      const response = await fetch(sheet.dataset.follow, {
        headers: { Accept: "application/json" },
      });
      if (!response.ok) throw new Error(response.status);
      const standing = await response.json();
      failures = 0;
      show(sheet, standing);
      if (standing.is_over) {
        window.location.reload();
        return;
      }
    } catch {
      failures += 1; // the link to look again stays on the page
    }
  }
}

if (typeof document !== "undefined") {
  const sheet = document.querySelector("[data-follow]");
  if (sheet) {
    sheet.querySelector("[data-reload]").hidden = true;
    follow(sheet);
  }
}
