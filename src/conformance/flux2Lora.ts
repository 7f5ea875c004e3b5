/** Adaptor of `flux2-lora`: adapters in every dialect of FLUX.2, one and several, as a side branch. */
import type { Backend } from '@/backend/types'
import { flux2Checkpoint, flux2Forward, flux2Forwards } from '@/conformance/flux2'
import { hostTensor, type GoldenCase } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { FAMILIES } from '@/families/registry'
import { flux2Dit } from '@/nets/flux/flux2'
import { Transformer } from '@/nets/runner/transformer'
import { memoryBytes } from '@/weights/formats/bytes'
import { layoutSource } from '@/weights/formats/canonical'
import { openCheckpoint } from '@/weights/formats/checkpoint'
import { openAdapter, withAdapters, type Adapter, type WeightedAdapter } from '@/weights/lora/lora'

/** Weights as the case's names spell them: `w06` is 0.6, `wm05` -0.5. */
const weightOf = (text: string): number =>
  (text.startsWith('m') || text.startsWith('minus') ? -1 : 1) *
  Number(text.replace(/^\D+/, '').replace(/^0/, '0.'))

export async function runFlux2Lora(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const home = await golden.sibling(golden.config.transformer as string)
  const expected = await golden.tensors('expected.safetensors')
  const { checkpoint, layout } = flux2Checkpoint(await home.tensors('weights.safetensors'), home.config)
  const source = layoutSource(checkpoint, layout.tensors)
  const forwards = flux2Forwards(await home.tensors('inputs.safetensors'))
  const files = golden.config.files as Record<string, string[]>
  const adapters = new Map<string, Adapter>()
  for (const file of Object.keys(files)) {
    const bytes = new Uint8Array(await (await golden.file(file)).arrayBuffer())
    adapters.set(
      file,
      await openAdapter(await openCheckpoint([memoryBytes(bytes, file)]), null, FAMILIES.flux2),
    )
  }

  const check = async (label: string, name: string, active: readonly WeightedAdapter[]): Promise<void> => {
    const prefix = /^ref\d+\./.exec(name)?.[0] ?? ''
    const given = forwards.get(prefix)
    if (!given) throw new Error(`no inputs for ${name}`)
    const dit = await Transformer.load(backend, flux2Dit(layout.config), withAdapters(source, active))
    const values = await flux2Forward(dit, given)
    dit.dispose()
    report.compare(label, values, hostTensor(expected, name).data, golden.tolerance())
  }
  for (const [file, names] of Object.entries(files))
    for (const name of names) {
      const weight = weightOf(/_w(\w+)$/.exec(name)?.[1] ?? '1')
      const adapter = adapters.get(file)
      if (adapter) await check(`${file.replace('.safetensors', '')} ${name}`, name, [{ adapter, weight }])
    }
  // Several at once, and with references: not listed by file; the letter says which adapter.
  const byLetter = (letter: string): Adapter | undefined =>
    [...adapters].find(([file]) => file.startsWith(`lora_${letter}_`))?.[1]
  const listed = new Set(Object.values(files).flat())
  for (const name of expected.keys()) {
    if (listed.has(name)) continue
    const parts = [...name.replace(/^.*output_/, '').matchAll(/([a-z])_?w?((?:minus)?\d+)/g)]
    const active = parts.flatMap(([, letter, weight]) => {
      const adapter = byLetter(letter)
      return adapter ? [{ adapter, weight: weightOf(weight) }] : []
    })
    await check(name, name, active)
  }
}
