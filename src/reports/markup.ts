// Text on its way into HTML or XML: everything in it is hostile, and nothing of it may become markup.

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

/** Safe between tags and inside of an attribute. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, character => ESCAPES[character] as string);
}
