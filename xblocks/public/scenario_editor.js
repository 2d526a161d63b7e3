/* The editor of a case: variables, places and choices with the graph drawn beside, or tests and decisions. */

import { startNested } from './engine_editor/nested.js';
import { describe } from './scenario/description.js';
import { drawForm, drawPicture } from './scenario/picture.js';

export const start = (root, call, host) => startNested(root, call, host, describe, { form: drawForm, picture: drawPicture });
