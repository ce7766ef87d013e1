// What comes from a keyboard, told apart from what the terminal itself says on the same line: an answer about its
// cursor, an arrow, a paste's brackets. Only letters that were typed are keys; a letter inside a sequence is none.

export type TerminalInput =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'cursor'; readonly column: number };

const ESCAPE = '\x1b';
/** No sequence that we know is longer; what goes on for longer is left out up to its end all the same. */
const PARAMETERS_MAX = 32;

type State = 'typed' | 'escape' | 'sequence' | 'letter' | 'text';

export class KeyInput {
  #state: State = 'typed';
  #parameters = '';

  /** What this piece says; a sequence may be cut anywhere but behind its first character. */
  push(piece: string): TerminalInput[] {
    const inputs: TerminalInput[] = [];
    for (const character of piece) {
      const input = this.#take(character);
      if (input !== null) inputs.push(input);
    }
    if (this.#state === 'escape') this.#state = 'typed'; // the key of that name
    return inputs;
  }

  #take(character: string): TerminalInput | null {
    if (this.#state === 'text') {
      if (character === '\x07' || character === ESCAPE)
        this.#state = character === ESCAPE ? 'escape' : 'typed';
      return null;
    }
    if (character === ESCAPE) {
      this.#state = 'escape';
      return null;
    }
    switch (this.#state) {
      case 'typed':
        return { kind: 'key', key: character };
      case 'escape':
        this.#begin(character);
        return null;
      case 'letter':
        this.#state = 'typed';
        return null;
      case 'sequence':
        return this.#goOn(character);
    }
  }

  /** `ESC [` begins a sequence, `ESC O` has one more letter, `ESC ]` and its like a text; else a key with Alt. */
  #begin(character: string): void {
    this.#parameters = '';
    if (character === '[') this.#state = 'sequence';
    else if (character === 'O') this.#state = 'letter';
    else this.#state = ']P_^X'.includes(character) ? 'text' : 'typed';
  }

  #goOn(character: string): TerminalInput | null {
    if (character >= ' ' && character <= '?') {
      if (this.#parameters.length < PARAMETERS_MAX) this.#parameters += character;
      return null;
    }
    this.#state = 'typed';
    const column = character === 'R' ? /^\d+;(\d+)$/.exec(this.#parameters)?.[1] : undefined;
    return column === undefined ? null : { kind: 'cursor', column: Number(column) };
  }
}
