// CPU-bound work for each response, as a handler: it runs where the attempt ran, and so shows where work on
// one core piles up. A fixed amount of arithmetic, not a fixed time: on a busy core it takes longer, as real
// work does.
import process from 'node:process';

/** How many steps each response costs; handed to the program in its environment. */
export const BURN_STEPS = 'PACELINE_BURN_STEPS';

/** `steps` steps of xorshift32; each needs the one before, so that nothing can be left out or run side by side. */
export function burn(steps: number): number {
  let state = 1;
  for (let i = 0; i < steps; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
  }
  return state;
}

export default function burnCpu(): void {
  burn(Number(process.env[BURN_STEPS]));
}
