// The page for when there is no network: the form of a day, filled from what the browser remembers.

import { echo } from "./log.js";
import * as outbox from "./outbox.js";
import { readClock, readDay } from "./typed.js";

const RETRY = 3000; // milliseconds between two looks for the network
const USUAL = ["start", "end", "pause"];

/** What is plainly wrong with a day, by the names of the form's messages. The school checks all. */
export function faultsOf(values, today) {
  const faults = [];
  if (!readDay(values.day, today)) faults.push("badDay");
  if (readClock(values.start) === null || readClock(values.end) === null) faults.push("badTime");
  if (!values.main) faults.push("noMain");
  return faults;
}

/** A day to keep: the form's values with who logged it, under a new id. */
export function packed(values, person, entry, keptAt) {
  return { ...values, person, entry, keptAt };
}

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()];
}

function written([year, month, day]) {
  return `${String(day).padStart(2, "0")}.${String(month).padStart(2, "0")}.${year}`;
}

function offer(form, place) {
  const box = form.querySelector("[data-categories]");
  box.replaceChildren(
    ...place.categories.map(([code, name]) => {
      const label = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: "main", value: code, checked: place.last.main === code });
      label.append(input, ` ${name}`);
      const row = document.createElement("div");
      row.append(label);
      return row;
    }),
  );
  for (const name of USUAL) form.elements[name].value = place.last[name] ?? "";
}

/** Go on to the page that was asked for once the school answers, but not over what is being typed. */
function awaitNetwork(page, box, form) {
  if (location.pathname === page.dataset.page) return; // opened for itself
  let isTouched = false;
  form.addEventListener("input", () => (isTouched = true));
  form.addEventListener("submit", () => (isTouched = false));
  const attempt = async () => {
    try {
      await fetch(page.dataset.sync, { headers: { Accept: "application/json" } });
    } catch {
      return; // the next try is soon
    }
    if (!isTouched) location.reload();
    else await outbox.show(box, await outbox.flush(page.dataset.sync));
  };
  addEventListener("online", attempt);
  setInterval(attempt, RETRY);
}

async function begin(page) {
  const box = page.querySelector("[data-outbox]");
  const form = page.querySelector("form");
  const known = await outbox.recall().catch(() => null);
  await outbox.show(box);
  awaitNetwork(page, box, form);
  if (!known?.placements.length) {
    page.querySelector("[data-unknown]").hidden = false;
    return;
  }
  const select = form.elements.placement;
  select.replaceChildren(...known.placements.map((place) => new Option(place.host, place.id)));
  const chosen = () => known.placements.find((place) => place.id === select.value);
  select.addEventListener("change", () => offer(form, chosen()));
  offer(form, chosen());
  form.elements.day.value = written(today());
  form.hidden = false;
  const refresh = echo(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    const faults = faultsOf(values, today());
    const errors = page.querySelector("[data-errors]");
    errors.hidden = faults.length === 0;
    page.querySelector("[data-kept]").hidden = faults.length > 0;
    if (faults.length) {
      const items = faults.map((fault) => {
        const item = document.createElement("li");
        item.textContent = form.dataset[fault];
        return item;
      });
      errors.querySelector("ul").replaceChildren(...items);
      errors.focus();
      return;
    }
    await outbox.keep(newItem(values, known.person));
    form.elements.text.value = "";
    refresh();
    await outbox.show(box, "offline");
    page.querySelector("[data-kept]").scrollIntoView({ block: "center" });
  });
}

function newItem(values, person) {
  return packed(values, person, crypto.randomUUID(), Date.now());
}

if (typeof document !== "undefined") {
  const page = document.querySelector("[data-alone]");
  if (page) begin(page);
}
