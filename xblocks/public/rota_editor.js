/* The editor of a rota. */

import { startNested } from './engine_editor/nested.js';
import { ROTA } from './sheets/descriptions.js';

export const start = (root, call, host) => startNested(root, call, host, () => ROTA);
