/* The editor of a time line. */

import { startNested } from './engine_editor/nested.js';
import { TIME_LINE } from './sheets/descriptions.js';

export const start = (root, call, host) => startNested(root, call, host, () => TIME_LINE);
