import type { CopyName } from '@/base/names'
import { UNTITLED } from '@/document/naming'
import { say } from '@/words/say'

/** A document's title as the page says it: its own, or that it has none. */
export const saidTitle = (title: string): string => (title === UNTITLED ? say('Untitled') : title)

export const sayCopy: CopyName = (name) => say('{name} copy', { name: saidTitle(name) })
