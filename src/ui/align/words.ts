/** What Align says in words: scores, verdicts, how well a picture was inverted. */
import type { AlignRole } from '@/document/align/commands'
import type { AlignView } from '@/ui/align/store'
import type { AlignRecord } from '@/worker/protocol'

export interface RoleWords {
  /** Shown on badges. */
  letter: string
  name: string
  about: string
}

export const ROLES: Record<AlignView, RoleWords> = {
  base: { letter: 'B', name: 'Base', about: 'Its look is kept.' },
  reference: { letter: 'R', name: 'Reference', about: 'Its region of the words is taken over.' },
  target: { letter: 'T', name: 'Target', about: 'The base, aligned with the prompt.' },
}

export const OTHER_ROLE: Record<AlignRole, AlignRole> = { base: 'reference', reference: 'base' }

export const scoreWords = (score: number): string => score.toFixed(3)

/** How near an inverted picture came to what was given; `error` in [0,1] of the pixels' range. */
export function reconstructionWords(error: number): string {
  const off = `${(100 * error).toFixed(1)} % off on average`
  if (error < 0.02) return `Comes back nearly as it was (${off}).`
  if (error < 0.06) return `Comes back with small changes (${off}).`
  if (error < 0.12) return `Comes back only roughly (${off}).`
  return `The model cannot hold this picture: it comes back as another one (${off}).`
}

/** What the adoption test says (specs: D-Fusion §7, Eq. 7); null without a scorer. */
export function verdictOf(
  { scores, adopted }: Pick<AlignRecord, 'scores' | 'adopted'>,
  threshold: number,
): { adopted: boolean; title: string; detail: string } | null {
  if (!scores || adopted === null) return null
  const needed = scores.base + threshold * (scores.reference - scores.base)
  const measured = `It scores ${scoreWords(scores.target)}; ${scoreWords(needed)} was asked for.`
  if (adopted) {
    const title = threshold === 1 ? 'Adopted: as aligned as the reference.' : 'Adopted.'
    return { adopted, title, detail: measured }
  }
  const detail = `${measured} As a training pair the reference would win over the base.`
  return { adopted, title: 'Not adopted: less aligned than the reference.', detail }
}
