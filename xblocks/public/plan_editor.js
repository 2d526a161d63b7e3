/* The editor of a plan: steps, what must come before what, and what must never be done. */

import { startNested } from './engine_editor/nested.js';
import { PLAN } from './ordering/descriptions.js';

export const start = (root, call, host) => startNested(root, call, host, () => PLAN);
