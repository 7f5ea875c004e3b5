import { isSeed } from '@/base/seed'
import { say } from '@/words/say'

/** What becomes of a typed seed: all 64 bits as they stand, or why it is none. Spaces between digits are no matter. */
export function takeSeed(text: string): { seed: string | null; note: string | null } {
  const seed = text.replace(/\s/g, '').replace(/^0+(?=\d)/, '')
  return isSeed(seed)
    ? { seed, note: null }
    : {
        seed: null,
        note: say('A seed is a whole number from 0 to {most}.', { most: '18446744073709551615' }),
      }
}
