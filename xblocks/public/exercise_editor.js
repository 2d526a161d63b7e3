/* The editor of an exercise whose key has no editor of its own: its key is JSON. */

import { startEditor } from './editor/editor.js';

export const start = (root, call, host) => startEditor(root, call, host);
