// The page of a unit: notes that it was seen, shows what is done, turns pages by key.

const SECONDS_TO_SEE = 5;
const unit = document.querySelector("[data-unit]");
const token = document.querySelector('meta[name="csrf-token"]').content;

// --- What is done -----------------------------------------------------------------------------

function showState(state) {
  const key = CSS.escape(unit.dataset.unit);
  const segment = document.querySelector(`[data-segment="${key}"]`);
  if (segment) segment.className = state;
  for (const mark of document.querySelectorAll(`[data-unit-state="${key}"]`)) {
    mark.className = `state state-${state}`;
    const drawing = mark.querySelector("use");
    drawing.setAttribute("href", drawing.getAttribute("href").replace(/#.*/, `#${state}`));
  }
}

// Notes the visit and shows how the page stands. Offline, it counts when it is next seen.
async function noteSeen() {
  const response = await fetch(unit.dataset.viewedUrl, {
    method: "POST",
    headers: { "X-CSRFToken": token, Accept: "application/json" },
  }).catch(() => null);
  if (response?.ok) showState((await response.json()).state);
}

function watch() {
  let seconds = 0;
  const timer = setInterval(() => {
    if (document.visibilityState !== "visible") return;
    seconds += 1;
    if (seconds < SECONDS_TO_SEE) return;
    clearInterval(timer);
    noteSeen();
  }, 1000);
}

if ("unseen" in unit.dataset) watch();

// An exercise that was answered says so: a block of our own by an event, another's by its frame.
document.addEventListener("libschool:answered", noteSeen);
addEventListener("message", (event) => {
  if (event.origin === location.origin && event.data?.type === "block-frame-answered") noteSeen();
});

// --- Wide tables -------------------------------------------------------------------------------

// What scrolls sideways is reached by key; what fits is no stop on the way.
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

for (const table of document.querySelectorAll(".prose table")) widths.observe(table);

// --- Turning pages ----------------------------------------------------------------------------

const TURNS = { ArrowLeft: "prev", ArrowRight: "next" };

// The arrows belong to fields, players and whatever scrolls sideways as long as they have focus.
function isBusy(element) {
  if (!element || element === document.body) return false;
  const taken = "input, select, textarea, audio, video, iframe, summary, [contenteditable], [role]";
  return element.closest(taken) !== null || element.scrollWidth > element.clientWidth;
}

document.addEventListener("keydown", (event) => {
  const direction = TURNS[event.key];
  const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  if (!direction || modified || event.defaultPrevented || isBusy(document.activeElement)) return;
  const forward = root().dir === "rtl" ? { prev: "next", next: "prev" }[direction] : direction;
  document.querySelector(`.turn-pages-bottom a[rel="${forward}"]`)?.click();
});

function root() {
  return document.documentElement;
}
