/**
 * K/V fusion at the sizes of Stable Diffusion 2.1 at 512 x 512 and of the built-in model, both guidance branches:
 * against copying as many bytes, and against ORT's own operators, which make new keys and values.
 */
import type { BenchOptions } from './options'
import { time } from './time'

import { seededNormals } from '@/backend/kernels/seeded'
import type { Backend, HostArray, Tensor } from '@/backend/types'
import { f32ToF16 } from '@/base/half'
import { GraphBuilder, TOKENS, type Graph, type Value } from '@/onnx/graph'

const BATCH = 2
/** The maps' grid, which is the mask's. */
const MASK = 16

const LAYERS = [
  { name: 'SD 2.1, up 3', side: 64, width: 320 },
  { name: 'SD 2.1, up 2', side: 32, width: 640 },
  { name: 'SD 2.1, up 1', side: 16, width: 1280 },
  { name: 'SD 2.1, middle', side: 8, width: 1280 },
  { name: 'built-in, up 2', side: 16, width: 64 },
  { name: 'built-in, up 1', side: 8, width: 128 },
] as const

const MASKS: Record<string, (at: number) => number> = {
  'half ones': (at) => Number(at % MASK < MASK / 2),
  'all ones': () => 1,
  soft: () => 0.5,
}

/** The same blend of one tensor as operators; the mask has the layer's size already. */
function operatorGraph(kind: 'Where' | 'Mul, Add', width: number): Graph {
  const g = new GraphBuilder(`bench-fusion:${kind}:${width}`)
  const dims = [BATCH, TOKENS, width]
  const own = g.input('own', 'float32', dims)
  const other = g.input('other', 'float32', dims)
  const mask = g.input('mask', 'float32', [BATCH, TOKENS, 1])
  g.output(kind === 'Where' ? chosen(g, own, other, mask) : blended(g, own, other, mask), 'y', dims)
  return g.build()
}

const chosen = (g: GraphBuilder, own: Value, other: Value, mask: Value): Value =>
  g.node('Where', [g.node('Greater', [mask, g.floats([0.5], [1])]), other, own])

const blended = (g: GraphBuilder, own: Value, other: Value, mask: Value): Value =>
  g.node('Add', [
    g.node('Mul', [mask, other]),
    g.node('Mul', [g.node('Sub', [g.floats([1], [1]), mask]), own]),
  ])

/** Milliseconds of ORT's operators for keys and values. */
async function timeOperators(
  backend: Backend,
  kind: 'Where' | 'Mul, Add',
  own: Tensor,
  other: Tensor,
): Promise<number> {
  const [batch, tokens, width] = own.dims
  const values = Float32Array.from({ length: batch * tokens }, (_, at) => Number(at % MASK < MASK / 2))
  const mask = backend.upload(values, [batch, tokens, 1], 'mask')
  const segment = await backend.compile(operatorGraph(kind, width))
  const ms = await time(backend, async () => {
    for (let part = 0; part < 2; part++) {
      const { y } = await backend.run(segment, { own, other, mask }, { y: own.dims })
      backend.free(y)
    }
  })
  backend.free(mask)
  return ms
}

export async function benchFusion(backend: Backend, log: BenchOptions['log']): Promise<void> {
  for (const { name, side, width } of LAYERS) {
    const tokens = side * side
    const dims = [BATCH, tokens, width]
    const upload = (values: HostArray): Tensor => backend.upload(values, dims, 'bench')
    const values = seededNormals(1, BATCH * tokens * width)
    const target = { k: upload(values), v: upload(values) }
    const full = { k: upload(values), v: upload(values) }
    const half = { k: upload(f32ToF16(values)), v: upload(f32ToF16(values)) }
    const copy = await time(backend, () => {
      for (const part of ['k', 'v'] as const) backend.copyRows(full[part], 0, target[part], 0, BATCH * tokens)
    })
    const pack = await time(backend, () => {
      for (const part of ['k', 'v'] as const) backend.packF16(full[part], half[part])
    })
    const where = await timeOperators(backend, 'Where', target.k, full.k)
    const blend = await timeOperators(backend, 'Mul, Add', target.k, full.k)
    log(
      `${name}: K/V of ${BATCH} × ${tokens} tokens, ${width} wide: copy ${copy.toFixed(2)} ms, ` +
        `pack to f16 ${pack.toFixed(2)} ms; ORT Where ${where.toFixed(2)} ms, Mul and Add ${blend.toFixed(2)} ms`,
    )
    for (const [kind, fill] of Object.entries(MASKS)) {
      const cells = Float32Array.from({ length: MASK * MASK }, (_, at) => fill(at))
      const mask = backend.upload(cells, [1, MASK, MASK], 'mask')
      for (const [format, reference] of Object.entries({ f32: full, f16: half })) {
        const grid = { rows: side, columns: side }
        const ms = await time(backend, () =>
          backend.kvFusion({ batch: BATCH, width, grid, target, reference, mask }),
        )
        const [byCopy, byOrt] = [copy, kind === 'soft' ? blend : where].map((other) =>
          (other / ms).toFixed(2),
        )
        log(
          `  ${kind.padEnd(9)} reference ${format}: ${ms.toFixed(2)} ms  copy / ours = ${byCopy}  ORT / ours = ${byOrt}`,
        )
      }
      backend.free(mask)
    }
    backend.free(...[target, full, half].flatMap(({ k, v }) => [k, v]))
  }
}
