import { promptOf } from '@/document/queries'
import type { DocumentStore } from '@/document/store'
import { MAX_PROMPT } from '@/schema/common'
import type { FusionDocument } from '@/schema/document'
import { MOST_PROMPTS, withUsed, type PromptsStore } from '@/ui/stores/prompts'
import type { RunStore } from '@/ui/stores/run'
import * as v from 'valibot'

const KEY = 'inlay-prompts'

const Remembered = v.pipe(
  v.array(v.pipe(v.string(), v.maxLength(MAX_PROMPT))),
  v.transform((used) => used.slice(0, MOST_PROMPTS)),
)

/** The prompts that were used in this browser; none where none are kept or they cannot be read. */
export function recallPrompts(): readonly string[] {
  try {
    return v.parse(v.fallback(Remembered, []), JSON.parse(localStorage.getItem(KEY) ?? '[]'))
  } catch {
    return []
  }
}

interface PromptMemory {
  prompts: PromptsStore
  document: DocumentStore
  run: RunStore
}

/**
 * Remembers the list of prompts, and takes over what another tab remembers. What begins to run on the open document is
 * listed by itself; pictures wait in a queue, so theirs are told when they are asked for.
 * @returns lists a document's prompt
 */
export function keepPrompts({ prompts, document, run }: PromptMemory): (doc: FusionDocument) => void {
  const list = (doc: FusionDocument) =>
    prompts.setState(({ used }) => ({ used: withUsed(used, promptOf(doc)) }))
  let hearing = false
  window.addEventListener('storage', ({ key }) => {
    if (key !== KEY) return
    hearing = true
    prompts.setState({ used: recallPrompts() })
    hearing = false
  })
  prompts.subscribe(({ used }) => {
    if (hearing) return
    try {
      localStorage.setItem(KEY, JSON.stringify(used))
    } catch {
      // Private windows may forbid it; they then last as long as the page.
    }
  })
  run.subscribe((state, last) => {
    if (state.run.kind !== 'running' || last.run.kind === 'running' || state.run.task === 'fuse') return
    list(document.getState().document)
  })
  return list
}
