/* How each type of item is drawn: draw(item, value, view) gives the elements of its work area.

   `view` brings readOnly, value (as it is now), set(value, {cell, focus, say}), word(name, values), say(text),
   focus(spot), find(part) and id(suffix), which no other drawing of the page has. `cell` names what was typed in:
   it stands there already. Anything else is drawn anew, and `focus` is where work goes on. */

import * as accessPoints from './access_points.js';
import * as authority from './authority.js';
import * as duplicate from './duplicate.js';
import * as fixedField from './fixed_field.js';
import * as headings from './headings.js';
import * as isbn from './isbn.js';
import * as mapping from './mapping.js';
import * as order from './order.js';
import { drawElements, drawEntities } from './sorting.js';
import * as transcription from './transcription.js';
import * as udc from './udc.js';

export const DRAWINGS = {
  access_points: accessPoints.draw,
  authority: authority.draw,
  duplicate: duplicate.draw,
  fixed_field: fixedField.draw,
  headings: headings.draw,
  isbn: isbn.draw,
  lrm: drawEntities,
  mapping: mapping.draw,
  order: order.draw,
  rda: drawElements,
  transcription: transcription.draw,
  udc: udc.draw,
};
