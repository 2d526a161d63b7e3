/* What holds for a whole key: its format, marks, pools, and what needless fields cost. */

import { make } from '../exercise/page.js';
import { readNumber, readWeights, showWeights } from './key.js';

const LIMITS = [['false_heading', 0.2], ['extras_cap', 0.2], ['free_extras', 3]];

/* `editor` is the KeyEditor. */
export function drawSettings(editor) {
  const { word, key: { about } } = editor;
  const field = (name, control, help = null) => make('label', { class: 'ls-small' }, make('span', {}, word(name)), control, help && make('span', { class: 'ls-help' }, help));
  const setting = (name) => (about.settings?.[name] ?? (name === 'free_extras' ? about.free_extras : undefined));
  const setSetting = (name, value) => editor.set(
    { settings: without({ ...editor.key.about.settings, [name]: value }), ...(name === 'free_extras' ? { free_extras: null } : {}) }, { cell: `settings.${name}` });
  return make('details', { class: 'ls-key-settings', open: editor.settingsOpen, ontoggle: ({ target }) => { if (target.isConnected) editor.settingsOpen = target.open; } },
    make('summary', {}, word('settings')),
    make('div', { class: 'ls-grading-row' },
      field('profile', choose(editor.choices.profiles.map(({ value, label }) => [value, label]), editor.profile, (profile) => { editor.set({ profile, format: null }); editor.learn(); })),
      field('punct', choose(['', ...editor.choices.punctuation].map((name) => [name, word(`punct_${name}`)]), about.punct || '', (punct) => editor.set({ punct }, { cell: 'punct' }))),
      ...(editor.profile === 'marc21' ? [field('material', choose(['', ...editor.choices.materials].map((name) => [name, word(`material_${name}`)]), about.material || '', (material) => editor.set({ material }, { cell: 'material' })))] : []),
      field('forbidden', write(showTags(about.forbidden), (text) => editor.set({ forbidden: readTags(text) }, { cell: 'forbidden' })), word('forbidden_help'))),
    make('div', { class: 'ls-grading-row' },
      ...LIMITS.map(([name, usual]) => field(name, write(setting(name) ?? '', (text) => setSetting(name, readNumber(text)), { size: 6, inputmode: 'decimal' }), word('usual_is', { value: usual }))),
      field('weights', make('textarea', {
        rows: 3, class: 'ls-mono', spellcheck: 'false', value: showWeights(about.settings?.weights),
        oninput: ({ target }) => setSetting('weights', readWeights(target.value)),
      }), word('weights_help'))),
    drawPools(editor));
}

const without = (settings) => Object.fromEntries(Object.entries(settings)
  .filter(([, value]) => value !== null && !(typeof value === 'object' && !Object.keys(value).length)));

const readTags = (text) => text.split(/[\s,;]+/).filter(Boolean).map((tag) => tag.toUpperCase());

const showTags = (tags) => (Array.isArray(tags) ? tags.join(', ') : '');

const write = (value, change, attributes = {}) => make('input', {
  type: 'text', value, autocomplete: 'off', oninput: ({ target }) => change(target.value), ...attributes,
});

const choose = (choices, chosen, change) => make('select', { onchange: ({ target }) => change(choices[target.selectedIndex][0]) },
  ...choices.map(([value, label]) => make('option', { selected: value === chosen }, label)));

// -- pools

function drawPools(editor) {
  const { word } = editor;
  const pools = Object.entries(editor.key.about.pools || {});
  const now = { pools };
  return make('fieldset', { class: 'ls-grading-part' },
    make('legend', {}, word('pools')),
    make('p', { class: 'ls-help' }, word('pools_help')),
    ...(pools.length ? [make('p', { class: 'ls-pool-head', 'aria-hidden': 'true' }, make('span', {}, word('name_head')), make('span', {}, word('count_head')), make('span'))] : []),
    ...pools.map(([name, count], at) => make('div', { class: 'ls-pool-row' },
      make('input', { type: 'text', value: name, autocomplete: 'off', 'aria-label': word('pool_name', { number: at + 1 }), oninput: ({ target }) => rename(editor, now, at, target.value) }),
      make('input', { type: 'text', value: count, size: 4, inputmode: 'numeric', autocomplete: 'off', 'aria-label': word('pool_count', { number: at + 1 }), oninput: ({ target }) => setCount(editor, now, at, target.value) }),
      make('button', { type: 'button', class: 'ls-link', 'aria-label': word('delete_pool_named', { pool: name }), onclick: () => removePool(editor, now, at) }, word('delete_pool')))),
    make('button', { type: 'button', class: 'ls-link', onclick: () => addPool(editor, now) }, word('add_pool')));
}

const inPool = (field, name) => field[3]?.pool === name;

/* Fields stay in a pool that takes another name. */
function rename(editor, now, at, name) {
  const [old, count] = now.pools[at];
  if (now.pools.some(([other], n) => n !== at && other === name)) return; // two of one name would be one
  now.pools = now.pools.map((pool, n) => (n === at ? [name, count] : pool));
  const record = editor.record.map((field) => (inPool(field, old) ? [...field.slice(0, 3), { ...field[3], pool: name }] : field));
  editor.keep(editor.withKey({ record, about: { ...editor.key.about, pools: Object.fromEntries(now.pools) } }), { cell: `pools.${at}.name` });
  editor.rows.draw(); // the rows offer the pool by its name
}

function setCount(editor, now, at, text) {
  now.pools = now.pools.map(([name, count], n) => [name, n === at ? readNumber(text) ?? '' : count]);
  editor.set({ pools: Object.fromEntries(now.pools) }, { cell: `pools.${at}.count` });
}

function addPool(editor, now) {
  const names = new Set(now.pools.map(([name]) => name));
  let number = now.pools.length + 1;
  while (names.has(editor.word('pool_default', { number }))) number += 1;
  editor.set({ pools: { ...Object.fromEntries(now.pools), [editor.word('pool_default', { number })]: 1 } });
  focusPool(editor, now.pools.length);
}

/* Its fields are called for again. */
function removePool(editor, now, at) {
  const [name] = now.pools[at];
  const record = editor.record.map((field) => (inPool(field, name) ? [...field.slice(0, 3), { ...field[3], pool: '' }] : field));
  const pools = Object.fromEntries(now.pools.filter((_, n) => n !== at));
  editor.keep(editor.withKey({ record, about: { ...editor.key.about, pools } }));
  focusPool(editor, at - 1);
}

function focusPool(editor, at) {
  const rows = editor.find('bottom').querySelectorAll('.ls-pool-row input:first-child');
  (rows[at] || editor.find('bottom').querySelector('fieldset > .ls-link')).focus();
}
