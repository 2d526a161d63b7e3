/* The editor of a drill: its items as forms, one under another. */

import { DRILL_CONTROLS } from './drill_editor/controls.js';
import { DRILL } from './drill_editor/types.js';
import { startNested } from './engine_editor/nested.js';

export const start = (root, call, host) => startNested(root, call, host, () => DRILL, DRILL_CONTROLS);
