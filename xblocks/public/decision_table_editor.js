/* The editor of decisions: choices, items, what is right and what rules forbid. */

import { DECISIONS } from './decisions/description.js';
import { startNested } from './engine_editor/nested.js';

export const start = (root, call, host) => startNested(root, call, host, () => DECISIONS);
