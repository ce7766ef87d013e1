// Elements without markup: text only ever goes in as text, so nothing that a server said can become an element.

type Child = Node | string;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** The element of the page's own markup with this id. */
export function byId<Type extends HTMLElement = HTMLElement>(id: string): Type {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no #${id}.`);
  return element as Type;
}

export function button(text: string, label: string, onClick: () => void): HTMLButtonElement {
  const element = el('button', { type: 'button', 'aria-label': label, title: label }, text);
  element.addEventListener('click', onClick);
  return element;
}

/** Offers text or a picture as a file. */
export function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = el('a', { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
