/* The editor of a sheet: data, cells, slips, and what the formulas come to. */

import { startNested } from './engine_editor/nested.js';
import { WORKBOOK } from './sheets/descriptions.js';
import { SHEET_CONTROLS } from './sheets/editing.js';

export const start = (root, call, host) => startNested(root, call, host, () => WORKBOOK, SHEET_CONTROLS);
