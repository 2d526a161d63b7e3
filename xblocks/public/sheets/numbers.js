/* Numbers as people type them, read as the grader reads them (graders/workbook/numbers.py). Pure. */

const SPACES = /[\u00a0\u202f\u2009]/g;
const grouped = (mark) => new RegExp(`^\\d{1,3}(?:${mark === '.' ? '\\.' : mark}\\d{3})+$`);
const onlyDecimal = (digits) => ((digits.match(/[.,]/g) || []).length <= 1 ? digits.replace(',', '.') : null);

/* {value, unit}, {isTwoWays: true} for what depends on the decimal mark, {isNone: true} for what is no number;
   null for nothing. */
export function readNumber(raw, decimal = '') {
  if (typeof raw === 'number') return { value: raw, unit: '' };
  const text = String(raw ?? '').replace(SPACES, ' ').replace(/\u2212/g, '-').replace(/\u2019/g, "'").trim();
  if (!text) return null;
  const found = /^([+-]?)(\d[\d., ']*)([eE][+-]?\d{1,3})?/.exec(text);
  if (!found) return { isNone: true };
  const trimmed = found[2].replace(/[ ',.]+$/, '');
  const unit = (found[2].slice(trimmed.length) + text.slice(found[0].length)).replace(/^[ .,']+|[ .,']+$/g, '');
  const plain = readDigits(trimmed, decimal);
  if (plain === null) return /^\d{1,3}[.,]\d{3}$/.test(trimmed) ? { isTwoWays: true } : { isNone: true };
  const value = Number(`${found[1]}${plain}${found[3] || ''}`);
  return Math.abs(value) <= 1e12 ? { value, unit } : { isNone: true };
}

function readDigits(digits, decimal) {
  for (const mark of [' ', "'"]) {
    if (!digits.includes(mark)) continue;
    return grouped(mark).test(digits.split(/[.,]/)[0]) ? onlyDecimal(digits.replaceAll(mark, '')) : null;
  }
  const marks = digits.match(/[.,]/g) || [];
  if (!marks.length) return digits;
  if (new Set(marks).size === 2) {
    const at = digits.lastIndexOf(marks.at(-1));
    const [whole, fraction] = [digits.slice(0, at), digits.slice(at + 1)];
    return fraction && grouped(marks[0]).test(whole) ? `${whole.replaceAll(marks[0], '')}.${fraction}` : null;
  }
  const isGrouped = grouped(marks[0]).test(digits);
  if (marks.length > 1) return isGrouped ? digits.replaceAll(marks[0], '') : null;
  if (isGrouped && !digits.startsWith('0')) return decimal ? digits.replace(marks[0], marks[0] === decimal ? '.' : '') : null;
  return onlyDecimal(digits);
}

/* The rows of what was copied from a spreadsheet. */
export const readBlock = (text) => text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n').map((line) => line.split('\t').map((cell) => cell.trim()));
