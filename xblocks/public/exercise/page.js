/* Elements made from script. */

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const CONTROLS = 'button, input, select, textarea, summary';

/* Other children for `container`; who was at one of its controls is at the same one again. */
export function redraw(container, ...children) {
  const controls = () => [...container.querySelectorAll(CONTROLS)];
  const at = controls().indexOf(document.activeElement);
  container.replaceChildren(...children);
  if (at >= 0) controls()[at]?.focus();
}
