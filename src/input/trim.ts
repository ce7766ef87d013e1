// Blanks taken off both ends in one pass: a regular expression would look at a long run of inner blanks again from
// each of them, which a hostile line can make last for minutes.

/** `text` without spaces, tabs and carriage returns at its ends. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return end - start === text.length ? text : text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13;
}
