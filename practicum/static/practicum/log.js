// Beside the form for a day: echoes how times are read, warns of large files, runs the timer.

import * as outbox from "./outbox.js";
import { startTimer } from "./timer.js";
import { netMinutes, readClock, readDay, readMinutes, written } from "./typed.js";

const KEPT = ["entry", "day", "start", "end", "pause", "main", "text"];

/** Today by the device, as [year, month, day]. */
function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()];
}

/** The day in words of the page's language; empty for what is no day. */
export function dayInWords(text, lang, now) {
  const found = readDay(text, now);
  if (!found) return "";
  const format = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeZone: "UTC" });
  return format.format(new Date(Date.UTC(found[0], found[1] - 1, found[2])));
}

/** The net time of the fields' texts, and what the parts leave of it. */
export function sumUp({ start, end, pause, parts }) {
  const net = netMinutes(readClock(start), readClock(end), readMinutes(pause));
  const shares = parts.map((text) => readMinutes(text, true));
  if (net === null || shares.includes(null)) return null;
  return { net, isOver: shares.reduce((sum, one) => sum + one, 0) > net };
}

/** Keep the lines under the fields of `form` in step with what is typed. */
export function echo(form) {
  const value = (name) => form.elements[name]?.value ?? "";
  const day = form.querySelector("[data-echo-day]");
  const net = form.querySelector("[data-echo-net]");

  function show() {
    day.textContent = dayInWords(value("day"), form.dataset.lang, today());
    const main = form.querySelector('[name="main"]:checked')?.value;
    const parts = [...form.querySelectorAll('[name^="part_"]')]
      .filter((field) => field.name !== `part_${main}`)
      .map((field) => field.value);
    const sum = sumUp({ start: value("start"), end: value("end"), pause: value("pause"), parts });
    net.textContent = sum ? form.dataset.net.replace("TIME", written(sum.net)) : "";
    if (sum?.isOver) net.textContent += ` · ${form.dataset.over}`;
  }

  form.addEventListener("input", show);
  show();
  return show;
}

/** The values of the form as the outbox keeps them. */
export function valuesOf(entries) {
  const values = {};
  for (const [name, value] of entries) {
    if (name === "competencies") (values.competencies ??= []).push(value);
    else if (KEPT.includes(name) || name.startsWith("part_")) values[name] = value;
  }
  return values;
}

/** Send the form if the school answers; keep the day in the outbox if not. */
function keepWithoutNetwork(form, box) {
  let isSure = false;
  form.addEventListener("submit", async (event) => {
    if (isSure) return;
    event.preventDefault();
    const submitter = event.submitter;
    let known = await outbox.recall().catch(() => null);
    try {
      const response = await fetch(box.dataset.sync, { headers: { Accept: "application/json" } });
      if (response.ok && !response.redirected) await outbox.remember((known = await response.json()));
      isSure = true;
    } catch {
      isSure = !known;
    }
    if (isSure) {
      delete form.dataset.sent;
      form.requestSubmit(submitter);
      return;
    }
    const values = valuesOf(new FormData(form));
    const item = { ...values, placement: form.dataset.keeps, person: known.person, keptAt: Date.now() };
    await outbox.keep(item);
    form.elements.entry.value = crypto.randomUUID();
    form.elements.text.value = "";
    delete form.dataset.sent;
    await outbox.show(box, "offline");
    box.scrollIntoView({ block: "center" });
  });
}

function warnOfSize(form) {
  const field = form.querySelector('input[type="file"]');
  field?.addEventListener("change", () => {
    const large = [...field.files].find((file) => file.size > Number(form.dataset.limit));
    field.setCustomValidity(large ? form.dataset.tooLarge.replace("NAME", large.name) : "");
    field.reportValidity();
  });
}

if (typeof document !== "undefined") {
  const form = document.querySelector("[data-hours]");
  if (form && !document.querySelector("[data-alone]")) {
    const show = echo(form);
    warnOfSize(form);
    const kept = document.querySelector("[data-outbox]");
    if (kept && form.dataset.keeps) keepWithoutNetwork(form, kept);
    const box = document.querySelector("[data-timer]");
    if (box) {
      startTimer(box, (times) => {
        for (const [name, text] of Object.entries(times)) form.elements[name].value = text;
        show();
      });
    }
  }
}
