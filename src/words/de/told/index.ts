/** What code below the page says in English. */
import { document } from '@/words/de/told/document'
import { engine } from '@/words/de/told/engine'
import { families } from '@/words/de/told/families'
import { files } from '@/words/de/told/files'
import { models } from '@/words/de/told/models'
import { pictures } from '@/words/de/told/pictures'
import { stages } from '@/words/de/told/stages'
import { steps } from '@/words/de/told/steps'
import { storing } from '@/words/de/told/storing'

export const told = {
  ...document,
  ...engine,
  ...families,
  ...files,
  ...models,
  ...pictures,
  ...stages,
  ...steps,
  ...storing,
} as const
