/** Compose: a new picture of a prompt and references. */
import { newId } from '@/base/id'
import { chooseModel } from '@/document/models'
import type { ComposeOptions } from '@/engine/api'
import type { Running } from '@/engine/jobs'
import { installedPacks } from '@/engine/librarian'
import type { PictureBook } from '@/engine/pictures'
import { lorasOf, seedText, setGiven } from '@/engine/settings'
import { COMPOSE_GUIDANCE, COMPOSE_STEPS, type ComposeModel } from '@/schema/modes/compose'
import { emptyDocument, type FusionDocument } from '@/schema/document'
import { NO_MODEL } from '@/schema/modelRef'

/** @throws as reading pictures */
export async function composeDocument(
  running: Running,
  options: ComposeOptions,
  book: PictureBook,
): Promise<FusionDocument> {
  const doc = emptyDocument(newId())
  doc.mode = 'compose'
  doc.composePrompt = options.prompt
  doc.loras = lorasOf(options.loras)
  doc.transformer = options.transformer ?? null
  setGiven(doc.settings, { seed: seedText(options.seed) })
  for (const { picture, name = '', role = 'subject', face = null } of options.references) {
    const asset = await book.add(name === '' ? picture : { picture, name }, 'Reference')
    doc.references.push({ id: newId(), asset, role, face })
  }
  doc.composeModel = options.model ?? (await usualModel(running, doc))
  const { steps, guidance, width, height } = options
  switch (doc.composeModel) {
    case 'painter':
      setGiven(doc.painterCompose, { steps, guidance })
      break
    case 'klein':
      doc.kleinCompose.transformer = doc.transformer
      setGiven(doc.compose, { width, height })
      setGiven(doc.kleinCompose, { steps, guidance, instruction: options.instruction })
      break
    case 'dreamo': {
      const { version, turbo, firstStepGuidance, trueCfg, cfgStart, cfgEnd } = options
      const { negativePrompt, negativeGuidance, referenceSize, noise } = options
      setGiven(doc.preset, { version, turbo })
      doc.compose.steps = COMPOSE_STEPS[doc.preset.turbo ? 'turbo' : 'full']
      doc.compose.guidance = COMPOSE_GUIDANCE[doc.preset.version]
      setGiven(doc.compose, { width, height, steps, guidance, referenceSize, noise })
      setGiven(doc.compose, { firstStepGuidance, trueCfg, cfgStart, cfgEnd })
      setGiven(doc.compose, { negativePrompt, negativeGuidance })
    }
  }
  return doc
}

/** The built-in model where its weights are there, else klein where it is installed, else DreamO. */
async function usualModel({ info }: Running, doc: FusionDocument): Promise<ComposeModel> {
  if (!info.lacking.includes('painter2')) return 'painter'
  const onKlein: FusionDocument = { ...doc, composeModel: 'klein' }
  const { missing } = chooseModel(onKlein, NO_MODEL, await installedPacks())
  return missing.some(({ need }) => need === 'required') ? 'dreamo' : 'klein'
}
