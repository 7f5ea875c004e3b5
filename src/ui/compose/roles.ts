import type { ReferenceRole } from '@/schema/modes/compose'
import type { Message } from '@/words/say'

/** What a reference may show, in the words of the studio (specs: DreamO §2). */
export const ROLES = {
  subject: { name: 'Subject', about: 'An object, animal or character to show. Works best cut out.' },
  identity: { name: 'Identity', about: 'A person’s face. Frame it; the rest is ignored.' },
  style: { name: 'Style', about: 'How the picture looks, not what it shows.' },
  tryOn: { name: 'Try-on', about: 'Clothing to wear. Works best cut out.' },
} as const satisfies Record<ReferenceRole, { name: Message; about: Message }>
export const ROLE_ORDER: ReferenceRole[] = ['subject', 'identity', 'style', 'tryOn']
