/* The editor of a salvage order: lots and how long they keep. */

import { startNested } from './engine_editor/nested.js';
import { SALVAGE } from './ordering/descriptions.js';

export const start = (root, call, host) => startNested(root, call, host, () => SALVAGE);
