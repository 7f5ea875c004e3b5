/** Seeds: decimal strings of up to 64 bits. */

const SEEDS = 2n ** 64n

/** Whether a text is a seed as we write them: digits alone, without leading zeros. */
export const isSeed = (text: string): boolean => /^(?:0|[1-9]\d{0,19})$/.test(text) && BigInt(text) < SEEDS

/** The next seed; 0 follows the last. */
export const nextSeed = (seed: string): string => String((BigInt(seed) + 1n) % SEEDS)

/** A seed of at most six digits, easy to read and to type. */
export const randomSeed = (): string => String(crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000)

/** The low 32 bits of a seed: what torch's CPU generator reads of it. */
export const lowBits = (seed: string): string => String(BigInt.asUintN(32, BigInt(seed)))
