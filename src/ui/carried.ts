/**
 * What becomes of a paste or a drop: what it carries and where it goes decide. Office programs put text, HTML and a
 * picture of both into the clipboard; browsers drag a picture of a page as a link, with or without a file.
 */
import type { Problem } from '@/base/errors'

/** What a clipboard or a drag carries. */
export interface Carried {
  files: number
  text: boolean
  /** An address, or HTML with a picture in it. */
  link: boolean
}

/** A text field, an open dialog elsewhere than in its fields, or the studio. */
export type Place = 'field' | 'dialog' | 'studio'

/** `browser`: as if we were not there. `nothing`: the browser must not act either. */
export type Fate = 'browser' | 'import' | 'tell-link' | 'tell-text' | 'nothing'

export const carriedBy = (transfer: DataTransfer): Carried => ({
  files: transfer.files.length,
  text: transfer.getData('text/plain') !== '',
  link: transfer.types.includes('text/uri-list') || /<img\b/i.test(transfer.getData('text/html')),
})

/** In a text field text wins, on the canvas the picture. */
export function fateOfPaste({ files, text, link }: Carried, place: Place): Fate {
  if (place === 'field' && (text || files === 0)) return 'browser'
  if (place === 'dialog') return 'browser'
  if (files > 0) return 'import'
  return link ? 'tell-link' : text ? 'tell-text' : 'browser'
}

/** Whatever is dropped, the browser never leaves the studio for it. `own`: the drag began in the studio. */
export function fateOfDrop({ files, text, link }: Carried, place: Place, own: boolean): Fate {
  if (place === 'field' && files === 0 && text) return 'browser'
  if (own || place === 'dialog') return 'nothing'
  if (files > 0) return 'import'
  return link ? 'tell-link' : text ? 'tell-text' : 'nothing'
}

/** What is said of a link or text that is of no use. */
export const TOLD: Record<'tell-link' | 'tell-text', Problem> = {
  'tell-link': {
    code: 'unsupported',
    message: 'That is a link, not a picture.',
    hint: 'Save the picture first, then drop its file here.',
  },
  'tell-text': {
    code: 'unsupported',
    message: 'That is text, not a picture.',
    hint: 'Click into the prompt to paste text there; to add a picture, save it first and drop its file here.',
  },
}
