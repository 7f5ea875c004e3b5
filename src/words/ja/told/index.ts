/** What code below the page says in English. */
import { document } from '@/words/ja/told/document'
import { engine } from '@/words/ja/told/engine'
import { families } from '@/words/ja/told/families'
import { files } from '@/words/ja/told/files'
import { models } from '@/words/ja/told/models'
import { pictures } from '@/words/ja/told/pictures'
import { stages } from '@/words/ja/told/stages'
import { steps } from '@/words/ja/told/steps'
import { storing } from '@/words/ja/told/storing'

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
}
