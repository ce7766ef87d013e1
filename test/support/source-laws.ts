// The laws of reading: a source is asked while the run goes on and never after its end, and it is let go of once.
export class SourceLaws {
  readonly #claim: (holds: boolean, law: string, seen: () => string) => void;
  readonly #isAsynchronous: boolean;
  isOver = false;
  /** What is on its way when the limit is lowered may still come. */
  limitWhenAsked = 0;
  #returned = 0;

  constructor(
    claim: (holds: boolean, law: string, seen: () => string) => void,
    { isAsynchronous }: { readonly isAsynchronous: boolean },
  ) {
    this.#claim = claim;
    this.#isAsynchronous = isAsynchronous;
  }

  /** Its `next` is called. */
  asked(limit: number, goesOn: boolean): void {
    this.#claim(goesOn, 'I15', () => 'the source is read after the end of starts');
    this.limitWhenAsked = limit;
    this.#claim(!this.isOver, 'source', () => 'a source at its end is read');
  }

  returned(): void {
    this.#returned++;
    // An asynchronous source may have come to its end in this instant, and its word be still on the way.
    const isInTime = this.#isAsynchronous || !this.isOver;
    this.#claim(this.#returned === 1 && isInTime, 'I10', () => `return() ${this.#returned} times`);
  }

  /** It came to its end, or was told that nobody will read on. */
  isLetGo(): void {
    this.#claim(this.isOver || this.#returned === 1, 'I10', () => 'the source was not let go');
  }
}
