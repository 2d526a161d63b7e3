// Days that were logged without a network: kept in the browser until the school has them.
//
// A day is kept under an id made here, and the school takes an id once, so that sending a day again
// after a lost answer doubles nothing. A day leaves the outbox only when the school says it has it,
// or when its owner discards it. What the rules refuse stays, with the reason.

const DATABASE = "practice";
const STORE = "outbox";
const FACTS = "facts"; // what the page needs to work alone

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORE, { keyPath: "entry" });
      request.result.createObjectStore(FACTS);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run(store, mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const keep = (item) => run(STORE, "readwrite", (store) => store.put(item));
export const drop = (entry) => run(STORE, "readwrite", (store) => store.delete(entry));
export const all = () => run(STORE, "readonly", (store) => store.getAll());
export const remember = (facts) => run(FACTS, "readwrite", (store) => store.put(facts, "known"));
export const recall = () => run(FACTS, "readonly", (store) => store.get("known"));

/** What becomes of a kept day by the school's answer: {gone}, {refused, url}, {wait}. */
export function judge(status, answer) {
  if (status >= 200 && status < 300) return { gone: true };
  if (status === 403) return { wait: "signin" };
  if (status === 409 && answer?.is_other) return { wait: "other", problems: answer.problems };
  if (status === 409 || status === 422) return { refused: answer?.problems ?? [], url: answer?.url ?? "" };
  if (status === 404) return { refused: [answer?.error ?? ""].filter(Boolean), url: "" };
  return { wait: "later" }; // busy, broken or in between: it will be tried again
}

/** The kept days in the order in which to send them: the earliest kept first, refused ones not. */
export function toSend(items) {
  return items.filter((item) => !item.refused).sort((one, other) => one.keptAt - other.keptAt);
}

async function ask(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (response.redirected || !response.ok) return null;
  return response.json();
}

async function send(url, csrf, item) {
  const { keptAt, refused, url: _url, ...fields } = item;
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, Accept: "application/json" },
    body: JSON.stringify(fields),
  });
  const answer = await response.json().catch(() => null);
  return judge(response.status, answer);
}

/** Send what is kept. Returns what hinders: "", "offline", "signin", "other" or "later". */
export async function flush(url) {
  const deliver = async () => {
    const kept = toSend(await all());
    let known;
    try {
      known = await ask(url);
    } catch {
      return "offline";
    }
    if (!known) return kept.length ? "signin" : "";
    await remember(known);
    for (const item of kept) {
      let outcome;
      try {
        outcome = await send(url, known.csrf, item);
      } catch {
        return "offline";
      }
      if (outcome.gone) await drop(item.entry);
      else if (outcome.refused) await keep({ ...item, refused: outcome.refused, url: outcome.url });
      else return outcome.wait;
    }
    return "";
  };
  // Two tabs would send the same day at once. It would do no harm, but show refusals that are none.
  return navigator.locks ? navigator.locks.request("practice-outbox", deliver) : deliver();
}

/** The sentence of how many days are kept. */
export function countWords(one, many, count) {
  return count === 1 ? one : many.replace("COUNT", count);
}

export async function show(box, hindrance = "") {
  const items = (await all()).sort((one, other) => one.keptAt - other.keptAt);
  box.hidden = items.length === 0;
  const title = box.querySelector("[data-outbox-title]");
  title.textContent = countWords(title.dataset.one, title.dataset.many, items.length);
  const words = box.querySelector("[data-outbox-words]").dataset;
  if (hindrance === "offline") title.textContent += ` ${words.offline}`;
  box.querySelector("[data-outbox-signin]").hidden = hindrance !== "signin" && hindrance !== "other";
  const list = box.querySelector("[data-outbox-list]");
  list.replaceChildren(...items.map((item) => row(box, item, words)));
}

function row(box, item, words) {
  const line = document.createElement("li");
  const said = document.createElement("p");
  said.textContent = `${item.day}, ${item.start}–${item.end}`;
  line.append(said);
  for (const problem of item.refused ?? []) {
    const reason = document.createElement("p");
    reason.className = "error";
    reason.textContent = problem;
    line.append(reason);
  }
  if (item.url) {
    const link = document.createElement("a");
    link.href = item.url;
    link.textContent = words.look;
    line.append(link, " ");
  }
  if (item.refused) {
    const mend = button(words.edit, () => mendIn(box, line, item, words));
    line.append(mend);
  }
  const discard = button(words.discard, async () => {
    if (!confirm(words.sure)) return;
    await drop(item.entry);
    await show(box);
  });
  line.append(discard);
  return line;
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button-quiet";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

/** Let a refused day be changed where it stands, and sent again. */
function mendIn(box, line, item, words) {
  const form = document.createElement("form");
  form.className = "when";
  for (const name of ["day", "start", "end", "pause"]) {
    const label = document.createElement("label");
    label.className = "field label";
    label.textContent = words[name];
    const input = document.createElement("input");
    Object.assign(input, { name, value: item[name] ?? "" });
    label.append(input);
    form.append(label);
  }
  const again = button(words.again, () => form.requestSubmit());
  form.append(again);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const changed = { ...item, ...Object.fromEntries(new FormData(form)) };
    delete changed.refused;
    delete changed.url;
    await keep(changed);
    await show(box, await flush(box.dataset.sync));
  });
  line.replaceChildren(form);
  form.elements.day.focus();
}

/** Let a page with an outbox show it, and send it whenever there is a network. */
export function start(box) {
  const url = box.dataset.sync;
  const attempt = async () => {
    const before = (await all()).length;
    const hindrance = await flush(url);
    await show(box, hindrance);
    // What was just sent belongs on this page; it is not reloaded over something being typed.
    const isTyping = document.querySelector("[data-hours]");
    if (before && !isTyping && !hindrance && (await all()).length < before) location.reload();
  };
  box.querySelector("[data-outbox-send]").addEventListener("click", attempt);
  addEventListener("online", attempt);
  if (box.dataset.worker && "serviceWorker" in navigator) {
    navigator.serviceWorker.register(box.dataset.worker).catch(() => {});
  }
  return attempt();
}

if (typeof document !== "undefined") {
  const box = document.querySelector("[data-outbox]");
  if (box && !document.querySelector("[data-alone]")) start(box);
}
