// The fields of an object in a hostile file, read strictly: each is taken by name with its bounds, what nobody has
// taken is refused, and every complaint names the place.
import { PacelineError } from '../../base/errors.ts';

export type Bounds = { readonly min: number; readonly max: number; readonly isWhole?: boolean };

const SHOWN_CHARS_MAX = 60;

export class Fields {
  readonly #place: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #left: Set<string>;

  /** @param place where the object stands, for messages: `FILE, scenario 3: server` */
  constructor(value: unknown, place: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw badScenario(place, 'expected an object', value);
    this.#place = place;
    this.#values = value as Readonly<Record<string, unknown>>;
    this.#left = new Set(Object.keys(value));
  }

  has(name: string): boolean {
    return (this.#values[name] ?? undefined) !== undefined;
  }

  /** @returns what is there, and undefined where nothing or null is */
  take(name: string): unknown {
    return this.#left.delete(name) ? (this.#values[name] ?? undefined) : undefined;
  }

  number(name: string, bounds: Bounds, fallback?: number): number {
    const value = this.take(name) ?? fallback;
    const { min, max, isWhole = false } = bounds;
    const isNumber = typeof value === 'number' && value >= min && value <= max;
    if (isNumber && (!isWhole || Number.isInteger(value) || value === Number.POSITIVE_INFINITY)) return value;
    throw badScenario(
      this.of(name),
      `expected a${isWhole ? ' whole' : ''} number from ${min} to ${max}`,
      value,
    );
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[], fallback?: Choice): Choice {
    const value = this.take(name) ?? fallback;
    const found = choices.find(choice => choice === value);
    if (found !== undefined) return found;
    throw badScenario(this.of(name), `expected ${choices.map(choice => `"${choice}"`).join(' or ')}`, value);
  }

  text(name: string, charsMax: number, fallback?: string): string {
    const value = this.take(name) ?? fallback;
    if (typeof value === 'string' && value !== '' && value.length <= charsMax) return value;
    throw badScenario(this.of(name), `expected a text of 1 to ${charsMax} characters`, value);
  }

  flag(name: string): boolean {
    const value = this.take(name) ?? false;
    if (typeof value === 'boolean') return value;
    throw badScenario(this.of(name), 'expected true or false', value);
  }

  list(name: string, most: number): readonly unknown[] {
    const value = this.take(name);
    if (Array.isArray(value) && value.length >= 1 && value.length <= most) return value;
    throw badScenario(this.of(name), `expected a list of 1 to ${most}`, value);
  }

  /** The object under that name. */
  inner(name: string): Fields {
    return new Fields(this.take(name), this.of(name));
  }

  /** The same, where it may be missing. */
  innerOrNone(name: string): Fields | null {
    const value = this.take(name);
    return value === undefined ? null : new Fields(value, this.of(name));
  }

  /** Where a field stands. */
  of(name: string): string {
    return `${this.#place}${this.#place.endsWith(':') ? ' ' : '.'}${name}`;
  }

  /** @throws for a field that nobody has taken: a misspelt one would change the scenario unseen */
  end(): void {
    const [stray] = this.#left;
    if (stray === undefined) return;
    throw new PacelineError('ERR_INPUT_SCENARIO', `${this.of(shown(stray))}: there is no such field.`);
  }
}

export function badScenario(place: string, expected: string, got: unknown): PacelineError {
  const came = got === undefined ? 'nothing' : shown(JSON.stringify(got) ?? typeof got);
  return new PacelineError('ERR_INPUT_SCENARIO', `${place.replace(/:$/, '')}: ${expected}, got ${came}.`);
}

function shown(text: string): string {
  return text.length <= SHOWN_CHARS_MAX ? text : `${text.slice(0, SHOWN_CHARS_MAX)}…`;
}
