// A timer that survives a reload: when it was started is kept in the browser, by placement.

const KEY = "practice-timer-";

/** Minutes since midnight of a moment by the device's clock. */
export function clockOf(moment) {
  return moment.getHours() * 60 + moment.getMinutes();
}

/** What the timer says: since when, and for how long. */
export function describe(template, started, now) {
  const spent = Math.max(0, Math.floor((now - started) / 60000));
  const since = written(clockOf(new Date(started)));
  return template.replace("TIME", since).replace("SPENT", written(spent));
}

function written(minutes) {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

/** What a stopped timer puts into the form: day, start and end as texts. */
export function timesOf(started, stopped) {
  const [from, until] = [new Date(started), new Date(stopped)];
  const day = [from.getDate(), from.getMonth() + 1].map((part) => String(part).padStart(2, "0"));
  const end = Math.max(clockOf(until), from.toDateString() === until.toDateString() ? clockOf(from) + 1 : 0);
  return {
    day: `${day[0]}.${day[1]}.${from.getFullYear()}`,
    start: written(clockOf(from)),
    end: written(end),
  };
}

/** Let a timer's buttons work; `fill` takes the times when it is stopped. */
export function startTimer(box, fill) {
  const key = KEY + box.dataset.timer;
  const [start, stop, drop] = ["start", "stop", "drop"].map((name) => box.querySelector(`[data-timer-${name}]`));
  const state = box.querySelector("[data-timer-state]");
  const started = () => Number(localStorage.getItem(key)) || 0;

  function show() {
    const since = started();
    start.hidden = Boolean(since);
    stop.hidden = drop.hidden = !since;
    state.textContent = since ? describe(box.dataset.running, since, Date.now()) : "";
  }

  function end() {
    localStorage.removeItem(key);
    show();
    start.focus();
  }

  start.addEventListener("click", () => {
    localStorage.setItem(key, String(Date.now()));
    show();
    stop.focus();
  });
  stop.addEventListener("click", () => {
    fill(timesOf(started(), Date.now()));
    end();
  });
  drop.addEventListener("click", end);
  addEventListener("storage", show);
  setInterval(show, 30000);
  show();
}
