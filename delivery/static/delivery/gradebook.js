// The grid of marks as a spreadsheet: arrow keys move, Enter opens, typing changes, Ctrl+Z undoes.
// Without this script every mark is a link to a page with the same forms.

const PAGE = 10; // rows that a page key moves by

// --- Pure ---------------------------------------------------------------------------------------

/** Where a key leads from [row, column] in a grid of so many rows and columns; null for none. */
export function move([row, column], key, ctrl, [rows, columns]) {
  const last = [rows - 1, columns - 1];
  const steps = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    PageUp: [row - PAGE, column],
    PageDown: [row + PAGE, column],
    Home: [ctrl ? 0 : row, 0],
    End: [ctrl ? last[0] : row, last[1]],
  };
  const edges = {
    ArrowUp: [0, column],
    ArrowDown: [last[0], column],
    ArrowLeft: [row, 0],
    ArrowRight: [row, last[1]],
  };
  const target = (ctrl && edges[key]) || steps[key];
  if (!target) return null;
  return target.map((place, axis) => Math.max(0, Math.min(last[axis], place)));
}

/** The points in what was typed, with a point or a comma; null if it is no number of points. */
export function readPoints(text) {
  const plain = text.trim().replace(/^(\d*),(\d+)$/, "$1.$2");
  return /^(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
}

/** Whether a key begins a number. */
export function startsNumber(key) {
  return /^[0-9.,]$/.test(key);
}

/** A sentence with its words in capitals filled in. */
export function fill(template, values) {
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replace(name, () => value),
    template,
  );
}

// --- The grid -----------------------------------------------------------------------------------

class Grid {
  constructor(table) {
    this.table = table;
    this.rows = [...table.tBodies[0].rows].map((row) => [...row.cells]);
    this.heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    this.place = [0, 0];
    this.reason = document.querySelector("[data-reason]");
    this.said = document.querySelector("[data-said]");
    this.editing = null; // the field that is open
    this.done = []; // what can be taken back, the latest last
    for (const link of table.tBodies[0].querySelectorAll("a")) link.tabIndex = -1;
    this.link(this.place).tabIndex = 0;
  }

  link([row, column]) {
    return this.rows[row][column].querySelector("a");
  }

  placeOf(node) {
    const cell = node.closest("td, th");
    const row = this.rows.findIndex((cells) => cells.includes(cell));
    return row < 0 ? null : [row, this.rows[row].indexOf(cell)];
  }

  focus(place) {
    this.link(this.place).tabIndex = -1;
    this.place = place;
    const link = this.link(place);
    link.tabIndex = 0;
    link.focus();
    link.closest("td, th").scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  say(text) {
    this.said.textContent = text;
  }

  isMark([, column]) {
    return this.rows[0][column].classList.contains("mark");
  }

  words([row, column]) {
    return {
      NAME: this.rows[row][0].textContent.trim(),
      COLUMN: this.heads[column].querySelector("a").textContent.trim(),
    };
  }

  // --- Changing a mark

  edit(place, typed) {
    const cell = this.rows[place[0]][place[1]];
    if (cell.querySelector("input")) return;
    const link = this.link(place);
    const input = document.createElement("input");
    input.inputMode = "decimal";
    input.autocomplete = "off";
    input.className = "mark-input";
    input.setAttribute("aria-label", fill(this.table.dataset.label, this.words(place)));
    input.value = typed ?? link.dataset.e ?? "";
    link.hidden = true;
    this.editing = input;
    cell.append(input);
    input.focus();
    if (typed === null) input.select();
    input.addEventListener("keydown", (event) => this.onEditKey(event, place, input));
    input.addEventListener("blur", (event) => {
      if (event.relatedTarget !== this.reason) this.close(place, input);
    });
  }

  close(place, input, isDone = false) {
    if (this.editing !== input) return; // leaving the page's tree, it loses the focus once more
    this.editing = this.pending = null;
    input.remove();
    this.link(place).hidden = false;
    if (isDone) this.focus(place);
  }

  onEditKey(event, place, input) {
    event.stopPropagation();
    if (event.key === "Escape") {
      event.preventDefault();
      this.close(place, input, true);
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      const step = event.key === "Enter" ? [event.shiftKey ? -1 : 1, 0] : [0, event.shiftKey ? -1 : 1];
      this.save(place, input, step);
    }
  }

  async save(place, input, step) {
    const points = readPoints(input.value);
    if (points === null) {
      this.say(fill(this.table.dataset.saidNumber, { TEXT: input.value }));
      input.setAttribute("aria-invalid", "true");
      return;
    }
    const reason = this.reason.value.trim();
    if (!reason) {
      this.pending = () => this.save(place, input, step);
      this.say(this.table.dataset.saidReason);
      this.reason.focus();
      return;
    }
    const link = this.link(place);
    const next = [place[0] + step[0], place[1] + step[1]].map((to, axis) =>
      Math.max(0, Math.min([this.rows.length, this.rows[0].length][axis] - 1, to)),
    );
    const told = await this.post(link, "override/", {
      points: String(points),
      reason,
      expected: link.dataset.e ?? "",
    });
    if (!told) return;
    this.show(place, told);
    if (told.error) {
      this.say(told.error);
      input.setAttribute("aria-invalid", "true");
      return;
    }
    this.done.push([place, told.decision]);
    this.say(
      fill(this.table.dataset.saidSaved, {
        ...this.words(place),
        POINTS: String(points),
        GRADE: told.grade,
      }),
    );
    this.close(place, input);
    this.focus(next);
  }

  async undo() {
    const last = this.done.at(-1);
    if (!last) return;
    const [place, decision] = last;
    const told = await this.post(this.link(place), "undo/", { decision: String(decision) });
    if (!told) return;
    this.done.pop();
    this.show(place, told);
    if (told.error) {
      this.say(told.error);
      this.focus(place);
      return;
    }
    this.say(fill(this.table.dataset.saidUndone, { ...this.words(place), GRADE: told.grade }));
    this.focus(place);
  }

  async post(link, action, values) {
    try {
      const response = await fetch(new URL(action, link.href), {
        method: "POST",
        headers: {
          Accept: "application/json",
          "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content,
        },
        body: new URLSearchParams(values),
      });
      if (!response.ok && response.status !== 422) throw new Error(response.status);
      return await response.json();
    } catch {
      this.say(this.table.dataset.saidLost);
      return null;
    }
  }

  show(place, told) {
    const cell = this.rows[place[0]][place[1]];
    const link = this.link(place);
    link.textContent = told.text;
    if (told.note) {
      const note = document.createElement("span");
      note.className = "visually-hidden";
      note.textContent = ` ${told.note}`;
      link.append(note);
    }
    if (told.earned === null) delete link.dataset.e;
    else link.dataset.e = String(told.earned);
    cell.classList.toggle("is-overridden", told.is_overridden);
    cell.classList.toggle("is-excused", told.is_excused);
    cell.classList.toggle("is-empty", told.earned === null && !told.is_excused);
    const row = this.rows[place[0]][0].parentElement;
    row.querySelector("[data-grade]").textContent = told.grade;
    const letter = row.querySelector("[data-letter]");
    if (letter) letter.textContent = told.letter;
  }

  // --- Keys

  onKey(event) {
    const place = this.placeOf(event.target);
    if (!place || event.altKey) return;
    const ctrl = event.ctrlKey || event.metaKey;
    if (ctrl && event.key === "z") {
      event.preventDefault();
      this.undo();
      return;
    }
    const target = move(place, event.key, ctrl, [this.rows.length, this.rows[0].length]);
    if (target) {
      event.preventDefault();
      this.focus(target);
    } else if (this.isMark(place) && (event.key === "F2" || (!ctrl && startsNumber(event.key)))) {
      event.preventDefault();
      this.edit(place, event.key === "F2" ? null : event.key);
    }
  }
}

// --- The panel ----------------------------------------------------------------------------------

async function openPanel(panel, link) {
  panel.replaceChildren(document.querySelector("[data-panel-wait]").content.cloneNode(true));
  panel.showModal();
  const address = new URL(link.href);
  const here = window.location.pathname + window.location.search;
  address.search = new URLSearchParams({ panel: "1", next: here });
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(response.status);
    const found = new DOMParser().parseFromString(await response.text(), "text/html");
    panel.replaceChildren(...found.body.children);
    panel.querySelector("h2").focus();
  } catch {
    panel.replaceChildren(document.querySelector("[data-panel-lost]").content.cloneNode(true));
  }
}

// --- Kept over a visit --------------------------------------------------------------------------

function keep(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // Without storage it lasts as long as the page.
  }
}

function kept(name) {
  try {
    return sessionStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function start(table) {
  const grid = new Grid(table);
  const panel = document.querySelector("[data-panel]");
  grid.reason.value = kept("gradebook-reason");
  grid.reason.addEventListener("input", () => keep("gradebook-reason", grid.reason.value));
  grid.reason.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    grid.pending?.();
  });
  table.addEventListener("keydown", (event) => grid.onKey(event));
  table.addEventListener("focusin", (event) => {
    const place = event.target.closest("a") && grid.placeOf(event.target);
    if (place && place.join() !== grid.place.join()) grid.focus(place);
  });
  table.addEventListener("click", (event) => {
    const link = event.target.closest("td.mark a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    grid.focus(grid.placeOf(link));
    keep("gradebook-mark", link.getAttribute("href"));
    openPanel(panel, link);
  });
  panel.addEventListener("close", () => grid.focus(grid.place));
  const last = table.querySelector(`td.mark a[href="${CSS.escape(kept("gradebook-mark"))}"]`);
  if (last && document.querySelector("[data-messages] li")) grid.focus(grid.placeOf(last));
}

if (typeof document !== "undefined") {
  const table = document.querySelector("[data-book]");
  if (table) start(table);
}
