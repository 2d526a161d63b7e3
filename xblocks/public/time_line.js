/* A time line: readings to look through, by picture or by table, and the episodes found in them. */

import { Task } from './engine/task.js';
import { make } from './exercise/page.js';
import { completeEpisodes, episodesToSubmit, withEpisode, withoutEpisode } from './sheets/episodes.js';
import { readNumber } from './sheets/numbers.js';
import { drawPlot, indexAtX, PLOT, shade } from './sheets/plot.js';
import { findNext, hourAt, indexAt, parseTable, sizeOf, SOUGHT, statsOf, unpackSeries, windowAround } from './sheets/series.js';
import { formatHour, hourOf, timeOf } from './sheets/times.js';

const SPANS = { year: 8760, month: 744, week: 168, day: 24 };
const TABLE_ROWS = 12;
const LIMITS = { rh_above: 65, rh_below: 30, t_above: 28, t_below: 12 };

class TimeLine extends Task {
  constructor(root, call) {
    super(root, call);
    this.sought = { kind: 'rh_above', limit: LIMITS.rh_above, stretch: null };
    this.open();
    this.load();
  }

  async load() {
    if (this.task.readings) this.show(unpackSeries(this.task.readings));
    else if (this.state.file) {
      try {
        const answer = await fetch(this.state.file);
        this.show(answer.ok ? parseTable(await answer.text()) : null);
      } catch { this.show(null); }
    } else this.show(null);
  }

  show(series) {
    this.series = series;
    this.isMissing = !series && Boolean(this.state.file);
    if (series) this.window = [0, sizeOf(series) - 1];
    this.draw();
  }

  complete(answer) { return completeEpisodes(answer); }

  answerToSubmit() { return episodesToSubmit(this.answer); }

  tell(number) { return number === null ? '–' : new Intl.NumberFormat(this.language, { maximumFractionDigits: 1 }).format(number); }

  when(index) { return formatHour(hourAt(this.series, index), this.language); }

  // -- drawing

  drawWork() {
    if (!this.task.kinds) return [];
    const look = this.series ? [this.drawView(), this.drawFinder()] : [make('p', { class: 'ls-notice', hidden: !this.isMissing }, this.word('no_readings'))];
    return [...look, this.drawEpisodes()];
  }

  drawView() {
    this.view = make('div', { class: 'ls-view' }, ...this.drawStretch());
    const act = (name, go) => make('button', { type: 'button', class: 'ls-button ls-small', 'data-spot': `act.${name}`, onclick: go }, this.word(name));
    return make('section', { class: 'ls-readings', 'aria-label': this.word('readings') },
      make('div', { class: 'ls-toolbar', role: 'group', 'aria-label': this.word('move_view') },
        ...Object.keys(SPANS).map((name) => act(name, () => this.zoomTo(SPANS[name] / this.series.step))),
        act('closer', () => this.zoomBy(0.5)), act('wider', () => this.zoomBy(2)),
        act('earlier', () => this.pan(-0.5)), act('later', () => this.pan(0.5))),
      this.view);
  }

  drawStretch() {
    const label = this.word('stretch', { from: this.when(this.window[0]), to: this.when(this.window[1]) });
    const plot = drawPlot(this.series, this.window, this.shades(), { label, language: this.language, names: { t: this.word('axis_t'), rh: this.word('axis_rh') } });
    if (this.isOpen) this.letDrag(plot);
    const box = make('div', {
      class: 'ls-plot-box', tabindex: '0', role: 'group', 'aria-label': this.word('plot_keys'), 'data-spot': 'plot', onkeydown: (event) => this.press(event),
    }, plot);
    return [make('p', { class: 'ls-help' }, label), box, this.drawTable()];
  }

  shades() {
    return this.answer.episodes.map(({ start, end, kind }) => [hourOf(start || ''), hourOf(end || ''), this.nameOfKind(kind)])
      .filter(([start, end]) => start !== null && end !== null && end >= start)
      .map(([start, end, name]) => [indexAt(this.series, start), indexAt(this.series, end), name]);
  }

  nameOfKind(kind) { return this.task.kinds.find(({ id }) => id === kind)?.text || ''; }

  /* What the picture shows, in figures. */
  drawTable() {
    const [from, to] = this.window;
    const rows = Math.min(TABLE_ROWS, to - from + 1);
    const width = (to - from + 1) / rows;
    const drawRow = (at) => {
      const first = from + Math.floor(at * width);
      const last = from + Math.floor((at + 1) * width) - 1;
      const figures = ['t', 'rh'].flatMap((channel) => {
        const { min, mean, max } = statsOf(this.series[channel], first, last);
        return [min, mean, max].map((figure) => make('td', { class: 'ls-number' }, this.tell(figure)));
      });
      const { missing } = statsOf(this.series.rh, first, last);
      return make('tr', {}, make('th', { scope: 'row' }, this.when(first)), ...figures, make('td', { class: 'ls-number' }, String(missing)));
    };
    const heads = ['from', 't_min', 't_mean', 't_max', 'rh_min', 'rh_mean', 'rh_max', 'missing_count'];
    const table = make('details', { class: 'ls-figures', open: this.showsTable, ontoggle: ({ target }) => { this.showsTable = target.open; } }, make('summary', {}, this.word('as_table')),
      make('div', { class: 'ls-scroll', tabindex: '0', role: 'region', 'aria-label': this.word('as_table') }, make('table', {},
        make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, this.word(head))))),
        make('tbody', {}, ...Array.from({ length: rows }, (_, at) => drawRow(at))))));
    return table;
  }

  drawFinder() {
    const take = () => this.addEpisode(...this.sought.stretch);
    const status = make('p', { class: 'ls-help', role: 'status' }, this.sayFound());
    const taker = make('button', { type: 'button', class: 'ls-button', hidden: !this.sought.stretch, disabled: !this.isOpen, 'data-spot': 'take', onclick: take }, this.word('take'));
    const limit = make('input', {
      type: 'text', inputmode: 'decimal', class: 'ls-number', value: this.sought.limit ?? '', 'data-spot': 'limit',
      oninput: ({ target }) => { this.sought.limit = readNumber(target.value, '.')?.value ?? null; },
    });
    const limitLabel = make('label', { class: 'ls-labelled', hidden: !(this.sought.kind in LIMITS) }, make('span', { class: 'ls-label' }, this.word('limit')), limit);
    const choose = ({ target }) => {
      this.sought = { kind: target.value, limit: LIMITS[target.value] ?? null, stretch: null };
      limit.value = this.sought.limit ?? '';
      limitLabel.hidden = !(target.value in LIMITS);
      taker.hidden = true;
    };
    const next = () => {
      const after = this.sought.stretch ? this.sought.stretch[1] : -1;
      this.sought.stretch = findNext(this.series, this.sought.kind, this.sought.limit ?? 0, after);
      status.textContent = this.sayFound(true);
      taker.hidden = !this.sought.stretch;
      if (this.sought.stretch) this.look(...this.sought.stretch);
    };
    return make('section', { class: 'ls-finder', 'aria-label': this.word('find') },
      make('label', { class: 'ls-labelled' }, make('span', { class: 'ls-label' }, this.word('find')),
        make('select', { onchange: choose, 'data-spot': 'sought' }, ...SOUGHT.map((kind) => make('option', { value: kind, selected: kind === this.sought.kind }, this.word(`seek_${kind}`))))),
      limitLabel,
      make('button', { type: 'button', class: 'ls-button', 'data-spot': 'next', onclick: next }, this.word('next')), taker, status);
  }

  sayFound(wasSought = false) {
    const { stretch } = this.sought;
    if (!stretch) return wasSought ? this.word('none_found') : '';
    const hours = this.tell((stretch[1] - stretch[0] + 1) * this.series.step);
    return this.word('found', { from: timeOf(hourAt(this.series, stretch[0])), to: timeOf(hourAt(this.series, stretch[1])), hours });
  }

  // -- the view

  refresh() { this.view.replaceChildren(...this.drawStretch()); }

  setWindow(window) {
    const hadFocus = document.activeElement?.dataset.spot === 'plot';
    this.window = window;
    this.refresh();
    if (hadFocus) this.focusOn('plot');
    this.say(this.word('stretch', { from: this.when(window[0]), to: this.when(window[1]) }));
  }

  get middle() { return (this.window[0] + this.window[1]) / 2; }

  zoomTo(readings) { this.setWindow(windowAround(this.series, this.middle, readings)); }

  zoomBy(factor) { this.zoomTo((this.window[1] - this.window[0] + 1) * factor); }

  pan(share) {
    const count = this.window[1] - this.window[0] + 1;
    this.setWindow(windowAround(this.series, this.middle + count * share, count));
  }

  /* Shows a stretch with as much again around it. */
  look(from, to) { this.setWindow(windowAround(this.series, (from + to) / 2, Math.max(3 * (to - from + 1), 48))); }

  press(event) {
    const acts = {
      ArrowLeft: () => this.pan(-0.25), ArrowRight: () => this.pan(0.25), '+': () => this.zoomBy(0.5), '-': () => this.zoomBy(2),
      Home: () => this.setWindow([0, sizeOf(this.series) - 1]),
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    acts[event.key]();
  }

  /* An episode drawn over the picture with mouse, pen or finger. */
  letDrag(plot) {
    let first = null;
    let drawn = null;
    const at = ({ clientX }) => {
      const { left, width } = plot.getBoundingClientRect();
      return indexAtX(((clientX - left) / width) * PLOT.width, this.window);
    };
    const xOf = (event) => ((event.clientX - plot.getBoundingClientRect().left) / plot.getBoundingClientRect().width) * PLOT.width;
    let begun = 0;
    plot.addEventListener('pointerdown', (event) => {
      if (event.button) return;
      first = at(event);
      begun = xOf(event);
      drawn = shade(begun, 1);
      plot.append(drawn);
      plot.setPointerCapture(event.pointerId);
    });
    plot.addEventListener('pointermove', (event) => {
      if (first === null) return;
      drawn.setAttribute('x', Math.min(begun, xOf(event)));
      drawn.setAttribute('width', Math.max(Math.abs(xOf(event) - begun), 1));
    });
    const stop = () => {
      first = null;
      drawn?.remove();
    };
    plot.addEventListener('pointerup', (event) => {
      if (first === null) return;
      const [from, to] = [first, at(event)].sort((one, other) => one - other);
      stop();
      if (to > from) this.addEpisode(from, to);
    });
    plot.addEventListener('pointercancel', stop);
  }

  // -- episodes

  addEpisode(from = null, to = null) {
    const times = from === null ? { start: '', end: '' } : { start: timeOf(hourAt(this.series, from)), end: timeOf(hourAt(this.series, to)) };
    const at = this.answer.episodes.length;
    this.change({ episodes: [...this.answer.episodes, { ...times, kind: '', ...(this.task.asks_cause ? { cause: '' } : {}) }] }, {
      focus: `episodes[${at}].${from === null ? 'start' : 'kind'}`, say: this.word('added', { number: at + 1 }),
    });
  }

  drawEpisodes() {
    const { episodes } = this.answer;
    return make('section', { class: 'ls-episodes', 'aria-label': this.word('episodes') },
      make('h3', { class: 'ls-list-name' }, this.word('episodes')),
      episodes.length ? make('div', { class: 'ls-episode-list' }, ...episodes.map((episode, at) => this.drawEpisode(episode, at))) : make('p', { class: 'ls-help' }, this.word('no_episodes')),
      make('button', { type: 'button', class: 'ls-button', hidden: !this.isOpen, 'data-spot': 'add', onclick: () => this.addEpisode() }, this.word('add')));
  }

  drawEpisode(episode, at) {
    const set = (part, value) => {
      this.change(withEpisode(this.answer, at, { [part]: value }), { cell: `${at}.${part}` });
      row.querySelector('.ls-read').textContent = this.sayEpisode(this.answer.episodes[at]);
      if (this.series) this.refresh();
    };
    const spot = (part) => `episodes[${at}].${part}`;
    const label = (part, control) => make('label', { class: 'ls-labelled' }, make('span', { class: 'ls-label' }, this.word(part)), control);
    const time = (part) => label(part, make('input', {
      type: 'text', autocomplete: 'off', value: episode[part] ?? '', disabled: !this.isOpen, 'data-spot': spot(part), placeholder: this.word('time_form'),
      oninput: ({ target }) => set(part, target.value),
    }));
    const list = (part, options) => label(part, make('select', { disabled: !this.isOpen, 'data-spot': spot(part), onchange: ({ target }) => set(part, target.value) },
      make('option', { value: '' }, this.word('choose')), ...options.map(({ id, text }) => make('option', { value: id, selected: id === episode[part] }, text))));
    const row = make('div', { class: 'ls-episode', role: 'group', 'aria-label': this.word('episode', { number: at + 1 }), 'data-place': `episodes[${at}]` },
      time('start'), time('end'), this.task.kinds.length ? list('kind', this.task.kinds) : null,
      this.task.asks_cause ? list('cause', this.task.causes) : null,
      make('div', { class: 'ls-buttons', hidden: !this.isOpen },
        make('button', { type: 'button', class: 'ls-button ls-small', hidden: !this.series, onclick: () => this.goTo(at) }, this.word('show')),
        make('button', {
          type: 'button', class: 'ls-button ls-small', 'aria-label': this.word('delete_one', { number: at + 1 }),
          onclick: () => this.change(withoutEpisode(this.answer, at), { focus: 'add', say: this.word('deleted', { number: at + 1 }) }),
        }, this.word('delete'))),
      make('p', { class: 'ls-help ls-read' }, this.sayEpisode(episode)));
    return row;
  }

  sayEpisode({ start, end }) {
    if (!String(start ?? '').trim() && !String(end ?? '').trim()) return '';
    const [from, to] = [hourOf(start ?? ''), hourOf(end ?? '')];
    if (from === null || to === null) return this.word('no_time');
    if (to < from) return this.word('backwards');
    return this.word('lasts', { hours: this.tell(to - from + (this.series?.step ?? 1)) });
  }

  goTo(at) {
    const [from, to] = ['start', 'end'].map((part) => hourOf(this.answer.episodes[at][part] ?? ''));
    if (from === null || to === null) this.say(this.word('no_time'));
    else this.look(indexAt(this.series, from), indexAt(this.series, to));
  }

  // -- the result

  partOf(where) { return this.find('work').querySelector(`[data-place="${CSS.escape((where || '').split('.')[0])}"]`); }

  nameOf(where) {
    const found = /\[(\d+)\]/.exec(where || '');
    return found ? this.word('episode', { number: Number(found[1]) + 1 }) : '';
  }

  drawAnswer({ episodes }) {
    const tell = (time) => (typeof time === 'number' ? timeOf(time) : time);
    return [make('ul', {}, ...episodes.map(({ start, end, kind, cause }) => make('li', {},
      [`${tell(start)} – ${tell(end)}`, this.nameOfKind(kind), this.task.causes.find(({ id }) => id === cause)?.text].filter(Boolean).join(', '))))];
  }
}

export const start = (root, call) => new TimeLine(root.querySelector('.ls-exercise') || root, call);
