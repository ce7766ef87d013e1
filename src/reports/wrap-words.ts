// A sentence broken between words into lines of a terminal.

/** Lines of at most `width` columns of plain text; a word that is longer stands alone on its line. */
export function wrapWords(sentence: string, width = 80): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of sentence.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}
