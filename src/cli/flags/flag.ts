// What a row of the flag table says.

/** What a flag's value is; decides how it is parsed and which type it has in a command. */
export type FlagKind = 'switch' | 'text' | 'choice' | 'count' | 'limit' | 'duration' | 'size' | 'percent';

export type CommandName = 'fetch' | 'serve' | 'compare' | 'simulate' | 'demo' | 'report';

export interface Flag {
  readonly kind: FlagKind;
  readonly short?: string;
  /** May be given several times; its values come as a list. */
  readonly many?: true;
  /** Stands for the value in the help: `FILE`. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Of a limit: words taken in the place of a number, beside `unlimited`. */
  readonly words?: readonly string[];
  /** Smallest and largest number taken; durations in ms. */
  readonly min?: number;
  readonly max?: number;
  /** Why there is such a largest number. */
  readonly maxReason?: string;
  /** As shown in the help; the command applies it. */
  readonly fallback?: string;
  readonly help: string;
  /** In the place of `help` and `fallback`, where a command means something else by it. */
  readonly helpIn?: Readonly<Partial<Record<CommandName, string>>>;
  readonly commands: readonly CommandName[];
}
