import { placeholder } from '@/base/placeholders'
import { MAX_REFERENCES } from '@/schema/modes/compose'

/** The tokens that DreamO adds to T5's, in the order of their ids: a prompt's placeholders and `[res]` (specs: DreamO §5). */
export const ADDED_TOKENS: readonly string[] = [
  ...Array.from({ length: MAX_REFERENCES }, (_, index) => placeholder(index)),
  '[res]',
]
