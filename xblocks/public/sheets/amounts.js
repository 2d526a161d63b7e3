/* The data of a sheet as its author types it: "5", "1; 2; 3", "100 … 200 / 10", "10 | 20 | 30". Pure. */

import { readNumber } from './numbers.js';

const numberIn = (text) => {
  const read = readNumber(text, '.');
  return read && !read.isNone && !read.isTwoWays && !read.unit ? read.value : text.trim();
};

export function readAmount(text) {
  if (!text.trim()) return undefined;
  const range = /^(.+?)(?:…|\.\.\.?)([^/]+)(?:\/(.+))?$/.exec(text);
  if (range) return { least: numberIn(range[1]), most: numberIn(range[2]), ...(range[3] ? { step: numberIn(range[3]) } : {}) };
  if (text.includes('|')) return { choices: text.split('|').filter((part) => part.trim()).map(numberIn) };
  if (text.includes(';')) return text.split(';').filter((part) => part.trim()).map(numberIn);
  return numberIn(text);
}

export function writeAmount(value) {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.length === 1 ? `${value[0]};` : value.join('; ');
  if (Array.isArray(value.choices)) return value.choices.join(' | ');
  if (typeof value === 'object') return `${value.least} … ${value.most}${value.step === undefined ? '' : ` / ${value.step}`}`;
  return String(value);
}
