/** What Align says in words: scores, verdicts, how well a picture was inverted. */
import type { AlignRole } from '@/document/align/commands'
import type { AlignView } from '@/ui/align/store'
import type { AlignRecord } from '@/worker/protocol'
import { type Message, say, sayNumber } from '@/words/say'
import { startName } from '@/document/align/queries'
import type { AlignStart } from '@/schema/modes/align'

export interface RoleWords {
  /** Shown on badges. */
  letter: string
  name: Message
  /** The same within a sentence. */
  within: Message
  about: Message
  /** Has it shown large. */
  large: Message
}

export const ROLES = {
  base: {
    letter: 'B',
    name: 'Base',
    within: 'base',
    about: 'Its look is kept.',
    large: 'Show the base large',
  },
  reference: {
    letter: 'R',
    name: 'Reference',
    within: 'reference',
    about: 'Its region of the words is taken over.',
    large: 'Show the reference large',
  },
  target: {
    letter: 'T',
    name: 'Target',
    within: 'target',
    about: 'The base, aligned with the prompt.',
    large: 'Show the target large',
  },
} as const satisfies Record<AlignView, RoleWords>

export const OTHER_ROLE: Record<AlignRole, AlignRole> = { base: 'reference', reference: 'base' }

export const scoreWords = (score: number): string => sayNumber(score, 3)

/** What a picture of the gallery is called: its seed, or the name of the user's file. */
export const startWords = (start: AlignStart): string =>
  start.kind === 'seed' ? say('Seed {seed}', { seed: start.seed }) : startName(start)

/** How near an inverted picture came to what was given; `error` in [0,1] of the pixels' range. */
export function reconstructionWords(error: number): string {
  const values = { off: sayNumber(100 * error, 1) }
  if (error < 0.02) return say('Comes back nearly as it was ({off} % off on average).', values)
  if (error < 0.06) return say('Comes back with small changes ({off} % off on average).', values)
  if (error < 0.12) return say('Comes back only roughly ({off} % off on average).', values)
  return say(
    'The model cannot hold this picture: it comes back as another one ({off} % off on average).',
    values,
  )
}

/** What the adoption test says (specs: D-Fusion §7, Eq. 7); null without a scorer. */
export function verdictOf(
  { scores, adopted }: Pick<AlignRecord, 'scores' | 'adopted'>,
  threshold: number,
): { adopted: boolean; title: string; detail: string } | null {
  if (!scores || adopted === null) return null
  const needed = scores.base + threshold * (scores.reference - scores.base)
  const measured = { score: scoreWords(scores.target), needed: scoreWords(needed) }
  if (adopted) {
    const title = say(threshold === 1 ? 'Adopted: as aligned as the reference.' : 'Adopted.')
    return { adopted, title, detail: say('It scores {score}; {needed} was asked for.', measured) }
  }
  const detail = say(
    'It scores {score}; {needed} was asked for. As a training pair the reference would win over the base.',
    measured,
  )
  return { adopted, title: say('Not adopted: less aligned than the reference.'), detail }
}
