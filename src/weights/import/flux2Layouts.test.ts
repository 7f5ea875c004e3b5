import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'
import { planImport } from '@/weights/import/importPlan'
import { flux2Layout } from '@/families/flux2/transformer'
import type { Header } from '@/families/layout'
import { checkLayout } from '@/weights/formats/canonical'
import { checkpointOf } from '@/weights/formats/checkpoint'
import { parseSafetensors } from '@/weights/formats/safetensors'

/** The authors' tensors of a klein (specs: FLUX.2 §9). */
function klein(hidden: number, double: number, single: number, context: number): Map<string, number[]> {
  const found = new Map<string, number[]>([
    ['img_in', [hidden, 128]],
    ['txt_in', [hidden, context]],
    ['time_in.in_layer', [hidden, 256]],
    ['time_in.out_layer', [hidden, hidden]],
    ['double_stream_modulation_img.lin', [6 * hidden, hidden]],
    ['double_stream_modulation_txt.lin', [6 * hidden, hidden]],
    ['single_stream_modulation.lin', [3 * hidden, hidden]],
    ['final_layer.adaLN_modulation.1', [2 * hidden, hidden]],
    ['final_layer.linear', [128, hidden]],
  ])
  for (let i = 0; i < double; i++)
    for (const stream of ['img', 'txt']) {
      const name = `double_blocks.${i}.${stream}`
      found.set(`${name}_attn.qkv`, [3 * hidden, hidden]).set(`${name}_attn.proj`, [hidden, hidden])
      found.set(`${name}_mlp.0`, [6 * hidden, hidden]).set(`${name}_mlp.2`, [hidden, 3 * hidden])
    }
  for (let j = 0; j < single; j++)
    found
      .set(`single_blocks.${j}.linear1`, [9 * hidden, hidden])
      .set(`single_blocks.${j}.linear2`, [hidden, 4 * hidden])
  const tensors = new Map([...found].map(([name, shape]) => [`${name}.weight`, shape]))
  const norms = (name: string) => {
    for (const which of ['query', 'key']) tensors.set(`${name}.${which}_norm.scale`, [128])
  }
  for (let i = 0; i < double; i++) for (const s of ['img', 'txt']) norms(`double_blocks.${i}.${s}_attn.norm`)
  for (let j = 0; j < single; j++) norms(`single_blocks.${j}.norm`)
  return tensors
}

const KLEIN_4B = klein(3072, 5, 20, 7680)

const header = (
  tensors: ReadonlyMap<string, readonly number[]>,
  json: Record<string, unknown> = {},
): Header => ({ entries: new Map([...tensors].map(([name, shape]) => [name, { shape }])), json })

const parameters = ({ tensors }: ReturnType<typeof flux2Layout>): number =>
  [...tensors.values()].reduce((sum, { shape }) => sum + shape.reduce((all, size) => all * size, 1), 0)

const golden = () =>
  checkpointOf(
    parseSafetensors(
      new Uint8Array(
        gunzipSync(
          readFileSync(new URL('../../conformance/golden/flux2-dit/weights.safetensors.gz', import.meta.url)),
        ),
      ),
      'flux2-dit',
    ),
  )

const refusal = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof InlayError) return error.problem.message
    throw error
  }
  return 'nothing'
}

describe('FLUX.2 checkpoints', () => {
  it('4B and 9B are told by their shapes, whole to the last number', () => {
    const small = flux2Layout(header(KLEIN_4B))
    expect(parameters(small)).toBe(3_875_544_576)
    expect(small.config).toMatchObject({ hidden: 3072, heads: 24, mlp: 9216, contextDim: 7680 })
    expect(small.config.axesDim).toEqual([32, 32, 32, 32])
    const large = flux2Layout(header(klein(4096, 8, 24, 12288)))
    expect(parameters(large)).toBe(9_078_581_248)
    expect(large.config).toMatchObject({ heads: 32, doubleBlocks: 8, singleBlocks: 24 })
    expect([small.notes.join(), large.notes.join()]).toEqual(['', expect.stringContaining('Qwen3-8B')])
  })

  it('a prefix changes nothing but the stored names', () => {
    const wrapped = new Map([...KLEIN_4B].map(([name, shape]) => [`model.diffusion_model.${name}`, shape]))
    const layout = flux2Layout(header(wrapped))
    expect([...layout.tensors.keys()].sort()).toEqual([...KLEIN_4B.keys()].sort())
    expect(layout.tensors.get('img_in.weight')?.parts[0].tensor).toBe('model.diffusion_model.img_in.weight')
  })

  it("diffusers' tensors make up the authors', and each is read", () => {
    const checkpoint = golden()
    const layout = flux2Layout(checkpoint)
    expect(() => checkLayout(checkpoint, layout)).not.toThrow()
    const parts = [...layout.tensors.values()].flatMap((tensor) => tensor.parts)
    expect(new Set(parts.map(({ tensor }) => tensor))).toEqual(new Set(checkpoint.entries.keys()))
    const [first, second] = layout.tensors.get('final_layer.adaLN_modulation.1.weight')?.parts ?? []
    expect([first.first, second.first]).toEqual([64, 0])
  })

  it('Base is told by model_index.json, else by the name, else not at all', () => {
    const distilled = (json: Record<string, unknown>, ...names: string[]) =>
      flux2Layout(header(KLEIN_4B, json), names).config.distilled
    expect(distilled({ 'model_index.json': { is_distilled: false } }, 'flux-2-klein-4b.safetensors')).toBe(
      false,
    )
    expect(distilled({}, 'flux-2-klein-4b.safetensors')).toBe(true)
    expect(distilled({}, 'flux-2-klein-base-4b.safetensors')).toBe(false)
    expect(distilled({}, 'diffusion_pytorch_model.safetensors')).toBe(null)
  })

  it('relatives are refused by name', () => {
    const dev = new Map([...KLEIN_4B, ['guidance_in.in_layer.weight', [3072, 256]]])
    expect(refusal(() => flux2Layout(header(dev)))).toMatch(/FLUX\.2 \[dev\]/)
    expect(refusal(() => flux2Layout(header(KLEIN_4B), ['flux-2-klein-9b-kv.safetensors']))).toMatch(/9B-KV/)
    expect(refusal(() => flux2Layout(header(new Map([['double_blocks.0.x', [1]]]))))).toMatch(/not a FLUX\.2/)
  })

  it('what no later step makes good stays in 16 bits, whatever the blocks are kept in', () => {
    const { tensors, bytes } = planImport(flux2Layout(header(KLEIN_4B)), 'q4')
    for (const name of ['img_in', 'txt_in', 'time_in.in_layer', 'single_stream_modulation.lin'])
      expect(tensors[`${name}.weight`].format).toBe('f16')
    expect(tensors['final_layer.linear.weight'].format).toBe('f16')
    expect(tensors['double_blocks.0.img_attn.norm.query_norm.scale'].format).toBe('f32')
    expect(tensors['single_blocks.19.linear1.weight']).toMatchObject({ format: 'q4', shape: [27648, 3072] })
    // 3681 M numbers of 5 bits each, 194 M of 16.
    expect(bytes / 1e9).toBeCloseTo((3681 * 5) / 8e3 + (194.5 * 2) / 1e3, 1)
  })

  it('axes that do not fill a head are refused', () => {
    const json = { 'config.json': { axes_dims_rope: [16, 56, 56, 2] } }
    expect(refusal(() => flux2Layout(header(KLEIN_4B, json)))).toMatch(/axes/)
  })
})
