/** Words of objects that are mixed. */
import { shorten } from '@/base/names'

/** Characters of an object's name. */
export const MAX_LABEL = 100

/** What cameras and programs call pictures says nothing of what they show. */
const NAMELESS =
  /^(?:img|image|dscf?|dcim|pxl|photo|picture|pasted|screen ?shot|untitled|download|result|file)\b/

/** What an object is called, from its picture's name; empty where that says nothing. */
export function labelOf(name: string): string {
  const words = name
    .normalize('NFC')
    .replace(/\.[a-z0-9]{1,12}$/i, '')
    .replace(/[^\p{L}\p{M}']+/gu, ' ')
    .replace(/\b(?:cut ?out|transparent|final|copy|small|large)\b/giu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
  return NAMELESS.test(words) ? '' : shorten(words, MAX_LABEL)
}

/** The authors' words for a mixture (specs: vmdiff §1); empty of fewer than two. */
export function mixPrompt(objects: readonly { label: string }[]): string {
  const [first, ...others] = objects.map(({ label }) => label.trim() || 'an object')
  return first === undefined || others.length === 0
    ? ''
    : `A photo of ${first} creatively fused with ${others.join(' and ')}.`
}
