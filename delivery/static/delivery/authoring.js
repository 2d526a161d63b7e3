// The pages on which courses are changed: who else is there, moving by keys, editors, previews.

const token = document.querySelector('meta[name="csrf-token"]').content;

// --- Others at the draft ----------------------------------------------------------------------

const head = document.querySelector("[data-draft]");

function sayOther(other) {
  const kind = other.here ? "here" : other.place ? "there" : "open";
  const template = document.querySelector(`template[data-other-${kind}]`);
  const line = template.content.cloneNode(true).firstElementChild;
  for (const node of line.childNodes) {
    if (node.nodeType !== Node.TEXT_NODE) continue;
    node.textContent = node.textContent.replace("%NAME%", other.name).replace("%PLACE%", other.place);
  }
  return line;
}

function showOthers(others) {
  const region = document.querySelector("[data-others]");
  if (!region) return;
  const lines = others.map(sayOther);
  // Said again only if it is another thing than before.
  const now = lines.map((line) => line.textContent).join();
  if (now === [...region.children].map((line) => line.textContent).join()) return;
  region.replaceChildren(...lines);
}

async function keepPresence() {
  if (document.visibilityState !== "visible") return;
  const response = await fetch(head.dataset.presence, {
    method: "POST",
    headers: { "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ here: head.dataset.here }),
  }).catch(() => null);
  if (!response?.ok) return;
  const news = await response.json();
  showOthers(news.others);
  const newer = document.querySelector("[data-newer]");
  if (newer) newer.hidden = String(news.revision) === head.dataset.draftRevision;
}

if (head) setInterval(keepPresence, 30_000);

// --- Blocks by key, and where they went -------------------------------------------------------

const STEPS = { ArrowUp: "up", ArrowDown: "down" };

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !STEPS[event.key]) return;
  const movable = document.activeElement?.closest("[data-movable]");
  const button = movable?.querySelector(`[data-step="${STEPS[event.key]}"]`);
  if (!button) return;
  event.preventDefault();
  if (!button.disabled) button.click();
});

// After a move the block is where it went, and has the focus, so that it can be moved on.
const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (target?.matches("[data-movable]")) {
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}

// --- Nothing typed is lost --------------------------------------------------------------------

let isDirty = false;

addEventListener("beforeunload", (event) => {
  if (isDirty) event.preventDefault();
});

for (const form of document.querySelectorAll("form[data-guarded]")) {
  form.addEventListener("input", () => { isDirty = true; });
  form.addEventListener("submit", () => { isDirty = false; });
}

// --- Editors of blocks ------------------------------------------------------------------------

const editor = document.querySelector("[data-block-editor]");

// An editor that is no longer in the page does not ask whether it may be left.
function leave(url) {
  isDirty = false;
  editor?.querySelector(".xblock")?.remove();
  location.assign(url);
}

function showState(text) {
  editor.querySelector("[data-editor-state]").textContent = text;
}

function showProblem(title, text) {
  const region = editor.querySelector("[data-editor-problem]");
  region.querySelector("[data-problem-title]").textContent = title;
  region.querySelector("[data-problem-text]").textContent = text;
  region.hidden = !title && !text;
  if (!region.hidden) region.focus();
}

function act(name, data) {
  if (name === "cancel") leave(editor.dataset.done);
  if (name === "save" && data?.state === "start") showState(editor.dataset.saving);
  if (name === "save" && data?.state === "end") leave(editor.dataset.done);
  if (name === "error") {
    showState("");
    showProblem(data?.title || editor.dataset.failed, data?.message || "");
  }
}

// An editor in the page calls its handlers by fetch: each call says which revision it is based on.
function guardFetch() {
  const send = window.fetch.bind(window);
  let revision = editor.dataset.revision;
  window.fetch = async (resource, options = {}) => {
    const url = new URL(resource instanceof Request ? resource.url : resource, location.href);
    const isOwn = url.origin === location.origin && url.pathname.includes(editor.dataset.handlers);
    if (!isOwn || resource instanceof Request) return send(resource, options);
    const headers = new Headers(options.headers);
    headers.set("X-Draft-Revision", revision);
    const response = await send(resource, { ...options, headers });
    revision = response.headers.get("X-Draft-Revision") ?? revision;
    const conflict = response.headers.get("X-Draft-Conflict");
    if (conflict) leave(conflict);
    return response;
  };
}

if (editor) {
  guardFetch();
  document.addEventListener("libschool:notify", (event) => act(event.detail.name, event.detail.data));
  addEventListener("message", (event) => {
    if (event.origin !== location.origin || event.data?.type !== "block-editor") return;
    if (event.data.conflict) leave(event.data.conflict);
    if (event.data.dirty) isDirty = true;
    if (event.data.name) act(event.data.name, event.data.data);
  });
}

// --- Writing a text ---------------------------------------------------------------------------

const preview = document.querySelector("[data-text-preview]");
const WAIT = 400; // milliseconds after the last key

// What a button writes stands around the selection; the cursor goes to where the bar was.
function wrap(area, pattern) {
  const [before, after] = pattern.split("|");
  const { selectionStart, selectionEnd, value } = area;
  const chosen = value.slice(selectionStart, selectionEnd);
  area.focus();
  area.setRangeText(before + chosen + after, selectionStart, selectionEnd, "end");
  const place = selectionStart + before.length + chosen.length;
  area.setSelectionRange(place, place);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function addTools(area) {
  const tools = document.querySelector("template[data-text-tools]").content.cloneNode(true);
  const bar = tools.firstElementChild;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-wrap]");
    if (button) wrap(area, button.dataset.wrap);
  });
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const button = bar.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    wrap(area, button.dataset.wrap);
  });
  area.before(bar);
}

function watchText(area) {
  const shown = preview.querySelector("[data-preview-target]");
  const problem = preview.querySelector("[data-preview-problem]");
  let timer = 0;
  let asked = 0;

  async function show() {
    const mine = ++asked;
    const response = await fetch(preview.dataset.textPreview, {
      method: "POST",
      headers: { "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ data: area.value }),
    }).catch(() => null);
    if (mine !== asked || !response) return;
    if (response.ok) shown.innerHTML = await response.text(); // sanitised by the server
    problem.textContent = response.ok ? "" : (await response.json()).error;
  }

  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, WAIT);
  });
  if (area.value.trim()) show();
}

if (preview) {
  const area = document.getElementById(preview.dataset.source);
  addTools(area);
  watchText(area);
}
