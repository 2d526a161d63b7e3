/* The editor of a budget. */

import { startNested } from './engine_editor/nested.js';
import { budget } from './sheets/descriptions.js';

export const start = (root, call, host) => startNested(root, call, host, budget);
